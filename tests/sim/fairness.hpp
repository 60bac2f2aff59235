// What projects get of a busy queue.
#pragma once

#include <string>

#include "sim/simulation.hpp"

namespace archaeologist::sim {

// Floods a queue with projects of very different appetite and looks at whose jobs are claimed. What was unfair; empty when
// nothing was.
[[nodiscard]] std::string find_unfairness(const MakeSubject& make);

}  // namespace archaeologist::sim
