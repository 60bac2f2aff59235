// A request's body, read from its connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/http/connection.hpp"
#include "host/http/message.hpp"

namespace archaeologist::host {

class SocketBody final : public HttpBody {
public:
    enum class Coding { length, chunked };
    // `expects_continue`: the client waits for a word before it sends the body.
    SocketBody(Connection& connection, Coding coding, std::uint64_t length, std::optional<std::string_view> interim)
        : connection_(connection), coding_(coding), left_(length), length_(length), interim_(interim) {}

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        return coding_ == Coding::length ? std::optional(length_) : std::nullopt;
    }
    [[nodiscard]] const std::optional<Error>& failure() const override { return failure_; }
    [[nodiscard]] bool is_at_end() const { return is_ended_ || (coding_ == Coding::length && left_ == 0); }
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
    // Reads what is left, up to a bound; whether that was all.
    [[nodiscard]] bool drain(std::uint64_t bytes_max);

private:
    [[nodiscard]] Result<std::size_t> read_some(std::span<char> buffer);
    [[nodiscard]] Status begin_chunk();
    [[nodiscard]] Status skip_trailer();
    [[nodiscard]] Result<std::string> line();

    Connection& connection_;
    const Coding coding_;
    std::uint64_t left_;  // of the body, or of the chunk
    const std::uint64_t length_;
    std::optional<std::string_view> interim_;  // to be sent before the first read
    bool is_first_chunk_ = true;
    bool is_ended_ = false;
    std::optional<Error> failure_;
    std::uint64_t bytes_read_ = 0;
};

}  // namespace archaeologist::host
