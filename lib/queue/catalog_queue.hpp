// A queue of a process that has the catalog.
#pragma once

#include "archaeologist/queue.hpp"

namespace archaeologist {

class CatalogQueue : public Queue {
public:
    // For who writes jobs in transactions of his own: tells those who wait that there may be something, here, in other
    // processes and elsewhere.
    virtual void wake_all() = 0;
};

}  // namespace archaeologist
