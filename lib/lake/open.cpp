#include "lake/open.hpp"

#include "lake/local.hpp"
#include "lake/s3.hpp"
#include "net/client.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

// Long enough to outlast a server's restart, short enough that who uploads learns of an outage.
net::ClientOptions client_options(const LakeConfig& config) {
    net::ClientOptions options;
    options.connect_max = 5s;
    options.attempt_max = 15min;  // of a part on a slow line; a server that falls silent is noticed by stall_max
    options.stall_max = 30s;
    options.retry.attempts_max = 6;
    options.retry.cap = 5s;
    options.ca_file = config.ca_file;
    options.proxy = config.proxy;
    return options;
}

}  // namespace

Status validate(const LakeConfig& config) {
    if (config.url.empty()) return {};
    ARCHAEO_TRY(s3::parse_location(config.url));
    if (config.credentials.access_key.empty() != config.credentials.secret_key.empty()) {
        const bool has_key = !config.credentials.access_key.empty();
        return Error{Code::invalid_argument, std::string("lake: the access key is ") + (has_key ? "" : "not ") +
                                                 "given, so the secret key must " + (has_key ? "" : "not ") +
                                                 "be, too"};
    }
    ARCHAEO_TRY(net::Client::open(client_options(config)));
    return {};
}

std::string to_string(const LakeConfig& config, const std::string& data_dir) {
    if (config.url.empty()) return data_dir + "/lake";
    const auto location = s3::parse_location(config.url);
    return location ? s3::to_string(*location) : "s3://?";
}

Result<std::unique_ptr<Lake>> open_lake(const LakeConfig& config, const std::string& data_dir) {
    return open_lake(config, data_dir, {});
}

Result<std::unique_ptr<Lake>> open_lake(const LakeConfig& config, const std::string& data_dir, LakeTools tools) {
    if (config.url.empty()) return open_local_lake(data_dir);
    ARCHAEO_TRY(validate(config));
    ARCHAEO_ASSIGN(auto location, s3::parse_location(config.url));
    net::ClientOptions options = client_options(config);
    options.log = std::move(tools.log);
    options.metrics = std::move(tools.metrics);
    ARCHAEO_ASSIGN(auto client, net::Client::open(std::move(options)));
    S3LakeOptions lake_options;
    lake_options.tmp_dir = data_dir + "/tmp";
    ARCHAEO_TRY(make_data_folder(lake_options.tmp_dir));
    return make_s3_lake(std::make_shared<const s3::Bucket>(std::move(location), config.credentials, std::move(client)),
                        std::move(lake_options));
}

}  // namespace archaeologist
