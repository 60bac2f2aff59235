// What stands behind the pointers that programs hold. Every handle is entered in one table, so that a freed pointer, one of
// another kind and one that was never ours are told from a live one without being looked at.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "archaeologist/archaeologist.h"
#include "archaeologist/result.hpp"

namespace archaeologist::capi {

// How often this process and its ancestors forked since the library was loaded.
[[nodiscard]] std::uint64_t fork_generation();

// A handle of a lasting thing (an engine, what belongs to one) is of the process that made it; copies of data are of all.
class Handle {
public:
    Handle() : born_(fork_generation()) {}
    virtual ~Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    [[nodiscard]] bool is_of_parent() const { return born_ != fork_generation(); }

private:
    const std::uint64_t born_;
};

// Identifies a kind of handle: the address of a variable that each type has one of.
template <class T>
inline constexpr char kind_tag = 0;

namespace table {
void enter(const void* address, const void* kind, std::shared_ptr<Handle> handle);
[[nodiscard]] std::shared_ptr<Handle> find(const void* address, const void* kind);
[[nodiscard]] std::shared_ptr<Handle> take(const void* address, const void* kind);
// Until the process ends, unused.
void keep(std::shared_ptr<Handle> handle);
// Still answers, and says why it is of no use, until some hundred others have followed it.
void retire(const void* address, const void* kind);
}  // namespace table

// Hands an object out: it lives until the program frees it.
template <class T>
[[nodiscard]] T* publish(std::shared_ptr<T> object) {
    T* const address = object.get();
    table::enter(address, &kind_tag<T>, std::move(object));
    return address;
}

template <class T, class... Arguments>
[[nodiscard]] T* make_handle(Arguments&&... arguments) {
    return publish(std::make_shared<T>(std::forward<Arguments>(arguments)...));
}

// The object while it is used, or null when the pointer is no live handle of this kind. It then survives being freed by
// another thread meanwhile.
template <class T>
[[nodiscard]] std::shared_ptr<T> find(const T* address) {
    if (address == nullptr) return nullptr;
    return std::static_pointer_cast<T>(table::find(address, &kind_tag<T>));
}

[[nodiscard]] Error dead_handle(std::string_view name, const void* address);
[[nodiscard]] Error parents_handle(std::string_view name);

// The same, with a reason. `name` is what the message calls it.
template <class T>
[[nodiscard]] Result<std::shared_ptr<T>> require(const T* address, std::string_view name) {
    auto object = find(address);
    if (!object) return dead_handle(name, address);
    if (T::is_bound && object->is_of_parent()) return parents_handle(name);
    return object;
}

// Takes a handle back; null where there is nothing to free. What a forked child got from its parent is never destroyed: its
// threads are not here and its files are the parent's.
template <class T>
[[nodiscard]] std::shared_ptr<T> take(T* address) {
    if (address == nullptr) return nullptr;
    auto object = std::static_pointer_cast<T>(table::take(address, &kind_tag<T>));
    if (object && T::is_bound && object->is_of_parent()) {
        table::keep(std::move(object));
        return nullptr;
    }
    return object;
}

// For a handle whose object is closed, instead of take: a call that comes late learns that, and not that it is unknown. To be
// called once.
template <class T>
void retire(const T* address) {
    table::retire(address, &kind_tag<T>);
}

}  // namespace archaeologist::capi
