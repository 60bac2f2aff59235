// The collection of one model: made with its indexes, or held against what it must be.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/json.hpp"
#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "vector/qdrant/server.hpp"

namespace archaeologist::qdrant {

// What a search may take: each of its requests, and all of them together. Erasing counts on it that a search ends within 30 s.
class SearchTime {
public:
    explicit SearchTime(std::chrono::milliseconds request_max)
        : request_max_(request_max), end_(std::chrono::steady_clock::now() + all_max) {}

    // Of the next request; 0 when it is over.
    [[nodiscard]] std::chrono::milliseconds left() const;

    static constexpr std::chrono::seconds all_max{25};

private:
    std::chrono::milliseconds request_max_;
    std::chrono::steady_clock::time_point end_;
};

// Thread-safe.
class Collection {
public:
    // data_folder: as in open_qdrant_store. It is kept in the collection's metadata, by whoever uses it first.
    Collection(Location location, std::unique_ptr<Server> server, VectorModel model, std::string data_folder);

    // Once it said yes, only a reply that there is no such collection makes it look again.
    // Errors: incompatible (a collection of another size, distance or modifier, or an index of another kind, or another data folder's: names both),
    // those of Server.
    [[nodiscard]] Status ensure(const std::optional<SearchTime>& time = {});

    // Requests to it; `rest` is what follows its path. A collection that has gone meanwhile is `unavailable`, and made again by
    // the next call.
    [[nodiscard]] Result<Reply> get();
    [[nodiscard]] Result<Reply> post(std::string_view rest, std::string_view endpoint, std::string_view body,
                                     const std::optional<SearchTime>& time = {});
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
    [[nodiscard]] Result<Reply> send(const Call& call);
    [[nodiscard]] Status make();
    [[nodiscard]] Status check(simdjson::dom::element info) const;
    [[nodiscard]] Status check_vectors(simdjson::dom::element parameters) const;
    [[nodiscard]] Status check_owner(simdjson::dom::element info) const;
    [[nodiscard]] Status own(simdjson::dom::element info) const;
    [[nodiscard]] Status make_indexes(simdjson::dom::element info);
    [[nodiscard]] std::string creation() const;

    const Location location_;
    const std::unique_ptr<Server> server_;
    const VectorModel model_;
    const std::string data_folder_;
    const std::string name_;
    const std::string path_;
    std::atomic<bool> is_ready_ = false;
    Mutex mutex_;  // one at a time makes it
};

}  // namespace archaeologist::qdrant
