// Certificates of a test's own, made by OpenSSL's program.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/temporary_folder.hpp"

namespace archaeologist {

// A certificate authority that nobody else trusts, in a folder of its own.
class Authority {
public:
    Authority() {
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority" +
            std::string(" -keyout ") + file("ca.key") + " -out " + file("ca.pem"));
    }

    // Makes NAME.pem and NAME.key, for what `names` says: "IP:127.0.0.1,DNS:localhost".
    void sign(const std::string& name, const std::string& names) const {
        run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name + " -keyout " +
            file(name + ".key") + " -out " + file(name + ".csr"));
        folder_.write(name + ".ext", "subjectAltName=" + names + "\n");
        run("openssl x509 -req -days 2 -in " + file(name + ".csr") + " -CA " + file("ca.pem") + " -CAkey " +
            file("ca.key") + " -CAcreateserial -extfile " + file(name + ".ext") + " -out " + file(name + ".pem"));
    }

    [[nodiscard]] std::string file(const std::string& name) const { return folder_.path(name); }

private:
    static void run(const std::string& command) {
        if (std::system((command + " 2>/dev/null >&2").c_str()) == 0)
            return;  // NOLINT(cert-env33-c): a test's own words
        std::fprintf(stderr, "does not run: %s\n", command.c_str());
        std::abort();
    }

    TemporaryFolder folder_;
};

}  // namespace archaeologist
