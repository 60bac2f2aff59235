#include "bench/figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace archaeologist::bench {

Figures::Figures(std::string_view benchmark) { writer_.begin_object().field("benchmark", benchmark); }

void Figures::add(std::string_view name, double value) {
    if (value != 0 && std::isfinite(value)) {
        const double step = std::pow(10, std::floor(std::log10(std::fabs(value))) - 3);
        // Dividing by the inverse keeps 12.34 from becoming 12.340000000000002.
        value = step < 1 ? std::round(value / step) / std::round(1 / step) : std::round(value / step) * step;
    }
    writer_.field(name, value);
}

void Figures::print() && {
    writer_.end_object();
    std::puts(writer_.text().c_str());
    std::fflush(stdout);
}

double percentile(std::vector<double> values, double percent) {
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

double mb_per_s(std::uint64_t bytes, double seconds) { return static_cast<double>(bytes) / 1e6 / seconds; }

}  // namespace archaeologist::bench
