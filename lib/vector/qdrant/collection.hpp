// The collection of one model: made with its indexes, or held against what it must be.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/json.hpp"
#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "vector/qdrant/server.hpp"

namespace archaeologist::qdrant {

// Thread-safe.
class Collection {
public:
    Collection(Location location, std::unique_ptr<Server> server, VectorModel model);

    // Once it said yes, only a reply that there is no such collection makes it look again.
    // Errors: incompatible (a collection of another size, distance or modifier, or an index of another kind: names both),
    // those of Server.
    [[nodiscard]] Status ensure();

    // Requests to it; `rest` is what follows its path. A collection that has gone meanwhile is `unavailable`, and made again by
    // the next call.
    [[nodiscard]] Result<Reply> get();
    [[nodiscard]] Result<Reply> post(std::string_view rest, std::string_view endpoint, std::string_view body);
    // Done when it returns: "acknowledged" and "wait_timeout" are not. Errors: also unavailable, for those.
    [[nodiscard]] Status change(net::Method method, std::string_view rest, std::string_view endpoint,
                                std::string_view body);

    // Whether it answers now, within 3 s, and is what it must be.
    [[nodiscard]] Status probe();

    [[nodiscard]] const Location& location() const { return location_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    // "vector store http://…: collection "…""
    [[nodiscard]] std::string shown() const;

private:
    [[nodiscard]] Result<Reply> send(Call call);
    [[nodiscard]] Status make();
    [[nodiscard]] Status check(simdjson::dom::element info) const;
    [[nodiscard]] Status check_vectors(simdjson::dom::element parameters) const;
    [[nodiscard]] Status make_indexes(simdjson::dom::element info);
    [[nodiscard]] std::string creation() const;

    const Location location_;
    const std::unique_ptr<Server> server_;
    const VectorModel model_;
    const std::string name_;
    const std::string path_;
    std::atomic<bool> is_ready_ = false;
    Mutex mutex_;  // one at a time makes it
};

}  // namespace archaeologist::qdrant
