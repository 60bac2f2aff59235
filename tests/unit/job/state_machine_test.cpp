#include "job/state_machine.hpp"

#include <doctest/doctest.h>

#include <array>
#include <optional>

using namespace archaeologist;

namespace {

constexpr std::size_t states = 7;
constexpr std::size_t events = 12;
constexpr std::optional<State> no;  // refused
constexpr std::optional<State> pend = State::pending;
constexpr std::optional<State> queu = State::queued;
constexpr std::optional<State> runn = State::running;
constexpr std::optional<State> wait = State::waiting;
constexpr std::optional<State> comp = State::completed;
constexpr std::optional<State> fail = State::failed;
constexpr std::optional<State> canc = State::cancelled;

// clang-format off
constexpr std::array<std::array<std::optional<State>, events>, states> table{{
    //             enqueued lost  claimed completed failed retried released delayed expired expanded last  cancelled
    /* pending */ {{queu,   no,   no,     no,       no,    no,     no,      no,     no,     no,      no,   canc}},
    /* queued */  {{no,     pend, runn,   no,       no,    no,     no,      no,     no,     no,      no,   canc}},
    /* running */ {{no,     pend, no,     comp,     fail,  queu,   queu,    queu,   queu,   wait,    no,   canc}},
    /* waiting */ {{no,     no,   no,     no,       no,    no,     no,      no,     no,     no,      comp, canc}},
    /* finished */{{no,     no,   no,     no,       no,    no,     no,      no,     no,     no,      no,   no}},
                  {{no,     no,   no,     no,       no,    no,     no,      no,     no,     no,      no,   no}},
                  {{no,     no,   no,     no,       no,    no,     no,      no,     no,     no,      no,   no}},
}};
// clang-format on

}  // namespace

TEST_CASE("every event in every state does what the table says") {
    static_assert(static_cast<std::size_t>(State::cancelled) + 1 == states);
    static_assert(static_cast<std::size_t>(JobEvent::cancelled) + 1 == events);
    for (std::size_t state = 0; state < states; ++state) {
        for (std::size_t event = 0; event < events; ++event) {
            CAPTURE(state);
            CAPTURE(event);
            CHECK(next(static_cast<State>(state), static_cast<JobEvent>(event)) == table[state][event]);
        }
    }
}

TEST_CASE("a waiting batch shows running, every other state shows itself") {
    CHECK(visible(State::waiting) == JobStatus::running);
    for (const State state :
         {State::pending, State::queued, State::running, State::completed, State::failed, State::cancelled}) {
        CHECK(to_string(visible(state)) == to_string(state));
        CHECK(is_finished(state) == is_finished(visible(state)));
    }
}

TEST_CASE("a state's name parses back to it and nothing else is taken") {
    for (std::size_t i = 0; i < states; ++i) {
        const auto state = static_cast<State>(i);
        CHECK(parse_state(to_string(state)) == state);
    }
    CHECK_FALSE(parse_state("Running"));
    CHECK_FALSE(parse_state(""));
}
