#include "queue/pick.hpp"

namespace archaeologist {

bool Picker::has_room(ProjectId project, std::string_view job_type) const {
    const auto of_project = by_project_.find(project);
    if (of_project != by_project_.end() && of_project->second <= 0) return false;
    const auto of_type = by_type_.find(job_type);
    return of_type == by_type_.end() || of_type->second > 0;
}

Verdict Picker::take(ProjectId project, std::string_view job_type) {
    ++picked_;
    if (const auto found = by_project_.find(project); found != by_project_.end()) --found->second;
    if (const auto found = by_type_.find(job_type); found != by_type_.end()) --found->second;
    return Verdict::take;
}

Verdict Picker::judge(ProjectId project, std::string_view job_type) {
    if (is_full()) return Verdict::stop;
    return has_room(project, job_type) ? take(project, job_type) : Verdict::skip;
}

Verdict Picker::judge_suspect(ProjectId project, std::string_view job_type, Reservation reservation) {
    if (is_full()) return Verdict::stop;
    if (!has_room(project, job_type)) return Verdict::skip;
    if (held_.leases + picked_ > 0) return reservation == Reservation::others ? Verdict::skip : Verdict::reserve;
    limit_ = 1;
    return take(project, job_type);
}

}  // namespace archaeologist
