// Texts of all callers stand in one line, and what stands at its head goes together: many small files share requests as
// they share commits. So many batches are under way at once as the line has threads.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "embed/http/caps.hpp"
#include "embed/http/wire.hpp"

namespace archaeologist::embed {

// Thread-safe.
class Line {
public:
    using Send = std::function<std::vector<Result<Vector>>(std::span<const Prefixed>)>;

    Line(std::size_t threads, const Caps& caps, Send send)
        : thread_count_(threads), caps_(caps), send_(std::move(send)) {}
    ~Line();  // answers those who wait with `cancelled`
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    // Returns when all texts have a result, in order, or is_stopped() (which may be empty) is true: then those without one
    // are `cancelled`. The first error of its own texts is enough for a caller, so what of them is not sent by then gets that
    // error. The prefixes must outlive the line.
    [[nodiscard]] std::vector<Result<Vector>> run(std::span<const Prefixed> texts,
                                                  const std::function<bool()>& is_stopped = {});

private:
    struct Call;
    struct Place {
        std::shared_ptr<Call> call;
        std::size_t index = 0;
        std::size_t tokens = 0;
    };

    void work();
    [[nodiscard]] std::vector<Place> take() ARCHAEO_REQUIRES(mutex_);
    void answer(const Place& place, Result<Vector> result) ARCHAEO_REQUIRES(mutex_);
    void start() ARCHAEO_REQUIRES(mutex_);

    const std::size_t thread_count_;
    const Caps& caps_;
    const Send send_;
    Mutex mutex_;
    Condition arrived_;
    Condition answered_;
    std::deque<Place> waiting_ ARCHAEO_GUARDED_BY(mutex_);
    bool is_stopping_ ARCHAEO_GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::embed
