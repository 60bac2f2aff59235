#include "cli/ingest_text.hpp"

#include <algorithm>

#include "host/figure.hpp"
#include "host/printable.hpp"

namespace archaeologist::cli {
namespace {

using host::grouped;

std::string files(std::uint64_t count) { return grouped(count) + (count == 1 ? " file" : " files"); }

}  // namespace

std::string summary_of(const IngestReport& report) {
    const std::uint64_t jobs = report.searchable + report.skipped + report.failed + report.pending;
    if (jobs == 0 && report.problem_count == 0) return "nothing changed: " + files(report.unchanged) + ", no jobs";
    std::string line = grouped(report.searchable) + " searchable · " + grouped(report.skipped) + " skipped · " +
                       grouped(report.failed) + " failed";
    if (report.pending > 0) line += " · " + grouped(report.pending) + " pending";
    if (report.unchanged > 0) line += " · " + grouped(report.unchanged) + " unchanged";
    if (report.problem_count > 0) line += " · " + grouped(report.problem_count) + " unreadable";
    line += " (" + host::size_text(report.bytes) + ", " + host::duration_text(report.seconds) + ')';
    return line;
}

std::string problems_of(const IngestReport& report) {
    constexpr std::size_t listed_max = 10;
    const std::size_t listed = std::min(report.problems.size(), listed_max);
    std::string lines;
    for (std::size_t i = 0; i < listed; ++i) {
        const auto& [path, error] = report.problems[i];
        const bool named = error.message.find(path) != std::string::npos;
        lines += "cannot take " + host::printable(named ? error.message : path + ": " + error.message) + '\n';
    }
    if (report.problem_count > listed) lines += "and " + grouped(report.problem_count - listed) + " more\n";
    return lines;
}

}  // namespace archaeologist::cli
