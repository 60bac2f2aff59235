#include "host/lake_settings.hpp"

#include "host/http_url.hpp"

namespace archaeologist::host {
namespace {

// What $S3_BUCKET and its companions say; empty = nothing.
std::string url_of(const Environment& environment) {
    const auto bucket = environment("S3_BUCKET");
    if (bucket.empty()) return {};
    std::string url = "s3://" + bucket;
    char separator = '?';
    const auto add = [&](const char* name, const std::string& value) {
        if (value.empty()) return;
        url.append(1, separator).append(name).append("=").append(percent_encoded(value));
        separator = '&';
    };
    add("endpoint", environment("S3_ENDPOINT"));
    const auto region = environment("AWS_REGION");
    add("region", region.empty() ? environment("AWS_DEFAULT_REGION") : region);
    return url;
}

S3Credentials credentials_of(const Settings& settings) {
    return {settings.text("s3-access-key"), settings.text("s3-secret-key"), settings.text("s3-session-token")};
}

Setting secret(std::string name, std::string variable, std::string description) {
    Setting setting = Setting::text(std::move(name), std::move(variable), "", "TEXT", std::move(description));
    setting.kind = Setting::Kind::secret;
    return setting;
}

}  // namespace

std::vector<Setting> lake_settings() {
    return {
        Setting::text("lake", "ARCHAEOLOGIST_LAKE", "", "URL",
                      "Where files' contents are kept: s3://BUCKET[/PREFIX][?endpoint=URL][&region=NAME]"
                      "[&style=path|host]; else $S3_BUCKET, $S3_ENDPOINT, $AWS_REGION; else the data folder"),
        secret("s3-access-key", "AWS_ACCESS_KEY_ID", "Of the lake on S3; without one, requests are not signed"),
        secret("s3-secret-key", "AWS_SECRET_ACCESS_KEY", "Of the lake on S3"),
        secret("s3-session-token", "AWS_SESSION_TOKEN", "Of temporary keys of the lake on S3"),
        Setting::text("lake-ca-file", "", "", "FILE",
                      "Authorities that the lake's server is trusted by (PEM), instead of the system's"),
        Setting::text("lake-proxy", "", "", "URL", "HTTP proxy on the way to the lake; the environment's is not used"),
    };
}

LakeConfig lake_of(const Settings& settings) {
    LakeConfig lake;
    lake.url = settings.text("lake");
    lake.ca_file = settings.text("lake-ca-file");
    lake.proxy = settings.text("lake-proxy");
    // Without a lake elsewhere the keys are meant for other programs.
    if (!lake.url.empty()) lake.credentials = credentials_of(settings);
    return lake;
}

Result<LakeConfig> lake_choice(const Settings& settings, const Environment& environment) {
    LakeConfig lake = lake_of(settings);
    if (lake.url.empty()) {
        lake.url = url_of(environment);
        if (!lake.url.empty()) lake.credentials = credentials_of(settings);
    }
    ARCHAEO_TRY(validate(lake));
    return lake;
}

S3Credentials credentials_of(const Environment& environment, const std::string& prefix) {
    const auto value = [&](const char* name) { return environment((prefix + name).c_str()); };
    S3Credentials credentials{value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), value("AWS_SESSION_TOKEN")};
    if (credentials.access_key.empty() && !prefix.empty()) return credentials_of(environment);
    return credentials;
}

}  // namespace archaeologist::host
