#include "redis/known_nodes.hpp"

namespace archaeologist::redis {

Result<Reply> ask_node(const Node& node, std::span<const std::string_view> words, const Patience& patience) {
    while (true) {
        ARCHAEO_ASSIGN(const Borrowed connection, node.calls->take(patience));
        auto answer = connection->call(words, patience);
        if (!answer) {
            const bool was_idle = connection.origin() == Borrowed::Origin::idle;
            if (answer.error().code != Code::unavailable || !was_idle) return std::move(answer).error();
            if (std::chrono::steady_clock::now() >= patience.until) return std::move(answer).error();
            node.calls->close_idle();
            continue;
        }
        if (const auto* error = std::get_if<ErrorReply>(&*answer)) return meaning_of(error->text, node.name).error;
        return std::move(*std::get_if<Reply>(&*answer));
    }
}

}  // namespace archaeologist::redis
