// The addresses of a host's name, within a time limit, which the system's resolver does not have.
#pragma once

#include <netdb.h>

#include <functional>
#include <memory>

#include "redis/patience.hpp"
#include "redis/url.hpp"

namespace archaeologist::redis {

// As ::getaddrinfo. May block for as long as it likes, and be called on any thread.
using LookUp = std::function<int(const char* host, const char* port, const addrinfo* hints, addrinfo** found)>;

// Stays valid for as long as it is held.
using Addresses = std::shared_ptr<const addrinfo>;

// An address is its own; a name is looked up by a thread of its own, which is left behind when time is up. Those who ask for a
// name meanwhile wait for the same answer, so that a dead name server holds one thread a name.
// Errors: unavailable (not found, or no answer in time), cancelled.
[[nodiscard]] Result<Addresses> resolve(const Endpoint& endpoint, const Patience& patience,
                                        const LookUp& look_up = &::getaddrinfo);

}  // namespace archaeologist::redis
