// The command that looks at everything.
#include <algorithm>

#include "cli/check_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {

Result<int> run(const Doctor&, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto checks, service->check());
    const bool json = session.global.format == Format::json;
    ARCHAEO_TRY(host::write_output(json ? json_of(checks) + '\n' : text_of(checks)));
    const bool bad = std::any_of(checks.begin(), checks.end(),
                                 [](const Check& check) { return check.verdict == Check::Verdict::bad; });
    return bad ? work_failed : done;
}

}  // namespace archaeologist::cli
