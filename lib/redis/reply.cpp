#include "redis/reply.hpp"

namespace archaeologist::redis {

std::int64_t Reply::number() const {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number == nullptr ? 0 : *number;
}

const std::string& Reply::text() const {
    static const std::string none;
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? none : *text;
}

const std::vector<Reply>& Reply::list() const {
    static const std::vector<Reply> none;
    const auto* list = std::get_if<std::vector<Reply>>(&value);
    return list == nullptr ? none : *list;
}

}  // namespace archaeologist::redis
