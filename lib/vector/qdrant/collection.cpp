#include "vector/qdrant/collection.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "vector/qdrant/payload.hpp"

namespace archaeologist::qdrant {
namespace {

using namespace std::chrono_literals;
using net::Method;

constexpr std::string_view distance = "Cosine";
constexpr std::string_view modifier = "idf";
constexpr auto change_max = 60s;  // a server under load takes its time; what is not done then is not done
constexpr auto probe_max = 3s;
constexpr std::string_view owner_key = "data_folder";  // of the metadata
constexpr int upsert_points_max = 128;
constexpr int tenant_links = 16;

struct Index {
    std::string_view field;
    std::string_view type;    // as Qdrant reports it
    std::string_view schema;  // of its making
};

// All that filters name: strict mode refuses others.
constexpr std::array<Index, 7> indexes{{
    {key::project, "keyword", R"({"type":"keyword","is_tenant":true})"},
    {key::source, "integer", R"({"type":"integer","lookup":true,"range":true})"},
    {key::generation, "keyword", R"({"type":"keyword"})"},
    {key::ordinal, "integer", R"({"type":"integer","lookup":true,"range":true})"},
    {key::language, "keyword", R"({"type":"keyword"})"},
    {key::file_type, "keyword", R"({"type":"keyword"})"},
    {key::grams, "text", R"({"type":"text","tokenizer":"whitespace","lowercase":false,"on_disk":true})"},
}};

std::string_view owner_of(simdjson::dom::element info) {
    std::string_view owner;
    if (info["config"]["metadata"][owner_key].get(owner) != simdjson::SUCCESS) return {};
    return owner;
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::chrono::milliseconds SearchTime::left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds{0}, request_max_);
}

Collection::Collection(Location location, std::unique_ptr<Server> server, VectorModel model, std::string data_folder)
    : location_(std::move(location)),
      server_(std::move(server)),
      model_(std::move(model)),
      data_folder_(std::move(data_folder)),
      name_(collection_name(location_, model_.id)),
      path_("/collections/" + name_) {}

std::string Collection::shown() const {
    return "vector store " + to_string(location_) + ": collection " + in_quotes(name_);
}

Status Collection::ensure(const std::optional<SearchTime>& time) {
    if (is_ready_) return {};
    const MutexLock lock(mutex_);
    if (is_ready_) return {};
    Call look{.method = Method::get, .path = path_, .endpoint = "qdrant collection"};
    if (time) look.time_max = time->left();
    auto info = server_->send(look);
    if (!info && info.error().code == Code::not_found) {
        ARCHAEO_TRY(make());
        info = server_->send(look);
    }
    if (!info) return info.error();
    ARCHAEO_TRY(check(info->result()));
    ARCHAEO_TRY(own(info->result()));
    ARCHAEO_TRY(make_indexes(info->result()));
    is_ready_ = true;
    return {};
}

Status Collection::make() {
    const std::string body = creation();
    const auto made = server_->send(
        {.method = Method::put, .path = path_, .endpoint = "qdrant create", .body = body, .time_max = change_max});
    // Another process may have been quicker, or the answer to an attempt before this one was lost.
    if (made || made.error().code == Code::conflict) return {};
    if (made.error().message.find("already exists") != std::string::npos) return {};
    return made.error();
}

std::string Collection::creation() const {
    JsonWriter json;
    json.begin_object().key("vectors").begin_object().key(dense_vector).begin_object();
    json.field("size", model_.dimension).field("distance", distance).field("on_disk", true);
    json.end_object().end_object();
    json.key("sparse_vectors").begin_object().key(sparse_vector).begin_object();
    json.field("modifier", modifier).end_object().end_object();
    // Every query is of one project: a graph for each of them, none over all.
    json.key("hnsw_config").begin_object().field("m", 0).field("payload_m", tenant_links).end_object();
    json.field("on_disk_payload", true);
    json.key("strict_mode_config").begin_object().field("enabled", true).field("unindexed_filtering_retrieve", false);
    json.field("unindexed_filtering_update", false).field("upsert_max_batchsize", upsert_points_max).end_object();
    if (location_.shards > 0) json.field("shard_number", location_.shards);
    if (location_.replicas > 0) {
        // What is stored is on most of them, so that one may be lost at any time.
        json.field("replication_factor", location_.replicas);
        json.field("write_consistency_factor", location_.replicas / 2 + 1);
    }
    if (location_.quantization == Quantization::int8) {
        json.key("quantization_config").begin_object().key("scalar").begin_object();
        json.field("type", "int8").field("quantile", 0.99).field("always_ram", true).end_object().end_object();
    }
    if (!data_folder_.empty()) {
        json.key("metadata").begin_object().field(owner_key, data_folder_).end_object();
    }
    json.end_object();
    return std::move(json).text();
}

Status Collection::check(simdjson::dom::element info) const {
    simdjson::dom::element parameters;
    if (info["config"]["params"].get(parameters) != simdjson::SUCCESS) {
        return Error{Code::io_error, shown() + " is described without its parameters"};
    }
    ARCHAEO_TRY(check_owner(info));
    ARCHAEO_TRY(check_vectors(parameters));
    for (const Index& index : indexes) {
        std::string_view type;
        const auto found = info["payload_schema"][index.field]["data_type"].get(type);
        if (found == simdjson::SUCCESS && type != index.type) {
            return Error{Code::incompatible, shown() + " has an index of type " + in_quotes(type) + " on " +
                                                 in_quotes(index.field) + ", must be of type " + in_quotes(index.type) +
                                                 "; remove that index, or use another prefix"};
        }
    }
    return {};
}

// Projects of two data folders have the same ids: each would erase the other's chunks.
Status Collection::check_owner(simdjson::dom::element info) const {
    const std::string_view owner = owner_of(info);
    if (data_folder_.empty() || owner.empty() || owner == data_folder_) return {};
    return Error{Code::incompatible, shown() + " is data folder " + std::string(owner) + "'s, this is data folder " +
                                         data_folder_ + " (its file id): use another prefix"};
}

// Where nobody has said whose it is. Of two who say so at once the later one is right, and the other finds out here or when it
// looks next. A Qdrant before 1.16 keeps no metadata.
Status Collection::own(simdjson::dom::element info) const {
    if (data_folder_.empty() || !owner_of(info).empty()) return {};
    JsonWriter json;
    json.begin_object().key("metadata").begin_object().field(owner_key, data_folder_).end_object().end_object();
    ARCHAEO_TRY(server_->send({.method = Method::patch,
                               .path = path_,
                               .endpoint = "qdrant own",
                               .body = json.text(),
                               .time_max = change_max}));
    ARCHAEO_ASSIGN(const Reply again,
                   server_->send({.method = Method::get, .path = path_, .endpoint = "qdrant collection"}));
    return check_owner(again.result());
}

Status Collection::check_vectors(simdjson::dom::element parameters) const {
    const auto refused = [this](const std::string& what) {
        return Error{Code::incompatible, shown() + " " + what +
                                             "; use another prefix, or remove the collection and process its files "
                                             "again (archaeologist doctor explains)"};
    };
    std::uint64_t size = 0;
    std::string_view found_distance;
    std::string_view found_modifier = "none";
    const auto dense = parameters["vectors"][dense_vector];
    if (dense["size"].get(size) != simdjson::SUCCESS || dense["distance"].get(found_distance) != simdjson::SUCCESS) {
        return refused("has no vectors named " + in_quotes(dense_vector) + ", must have them");
    }
    if (size != model_.dimension) {
        return refused("has " + std::to_string(size) + " dimensions, model " + in_quotes(model_.id) + " gives " +
                       std::to_string(model_.dimension));
    }
    if (found_distance != distance) {
        return refused("compares by " + in_quotes(found_distance) + ", must compare by " + in_quotes(distance));
    }
    const auto sparse = parameters["sparse_vectors"][sparse_vector];
    if (sparse.error() != simdjson::SUCCESS) {
        return refused("has no sparse vectors named " + in_quotes(sparse_vector) + ", must have them");
    }
    if (sparse["modifier"].get(found_modifier) != simdjson::SUCCESS || found_modifier != modifier) {
        return refused("weighs words by modifier " + in_quotes(found_modifier) + ", must be " + in_quotes(modifier));
    }
    return {};
}

Status Collection::make_indexes(simdjson::dom::element info) {
    for (const Index& index : indexes) {
        if (info["payload_schema"][index.field].error() == simdjson::SUCCESS) continue;
        JsonWriter json;
        json.begin_object().field("field_name", index.field).key("field_schema").raw(index.schema).end_object();
        ARCHAEO_TRY(server_->send({.method = Method::put,
                                   .path = path_ + "/index?wait=true",
                                   .endpoint = "qdrant index",
                                   .body = json.text(),
                                   .time_max = change_max}));
    }
    return {};
}

Result<Reply> Collection::send(const Call& call) {
    auto reply = server_->send(call);
    if (!reply && reply.error().code == Code::not_found) {
        is_ready_ = false;
        reply.error().code = Code::unavailable;
    }
    return reply;
}

Result<Reply> Collection::get() {
    return send({.method = Method::get, .path = path_, .endpoint = "qdrant collection"});
}

Result<Reply> Collection::post(std::string_view rest, std::string_view endpoint, std::string_view body,
                               const std::optional<SearchTime>& time) {
    ARCHAEO_TRY(ensure(time));
    Call call{.method = Method::post, .path = path_ + std::string(rest), .endpoint = endpoint, .body = body};
    if (time) call.time_max = time->left();
    if (call.time_max > 0ms) return send(call);
    return Error{Code::unavailable, shown() + ": a search was not over after " +
                                        std::to_string(SearchTime::all_max.count()) +
                                        " s, all that it may take; narrow it down, or see what Qdrant is busy with"};
}

Status Collection::change(Method method, std::string_view rest, std::string_view endpoint, std::string_view body) {
    ARCHAEO_TRY(ensure());
    const std::string path =
        path_ + std::string(rest) + "?wait=true&timeout=" + std::to_string(std::chrono::seconds(change_max).count());
    ARCHAEO_ASSIGN(
        const Reply reply,
        send({.method = method, .path = path, .endpoint = endpoint, .body = body, .time_max = 2 * change_max}));
    std::string_view status;
    if (reply.result()["status"].get(status) == simdjson::SUCCESS && status == "completed") return {};
    return Error{Code::unavailable, shown() + ": a change was taken and is " +
                                        (status.empty() ? "?" : in_quotes(status)) + ", must be \"completed\""};
}

Status Collection::probe() {
    const auto info = server_->send(
        {.method = Method::get, .path = path_, .endpoint = "qdrant probe", .time_max = probe_max, .once = true});
    // One that was away when it was first asked for is made by the next use.
    if (!info && info.error().code == Code::not_found && !is_ready_) return {};
    if (!info) return info.error();
    return check(info->result());
}

}  // namespace archaeologist::qdrant
