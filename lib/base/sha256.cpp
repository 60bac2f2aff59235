#include "base/sha256.hpp"

#include <openssl/evp.h>

namespace archaeologist {

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()); }

ContentHash Sha256::finish() {
    ContentHash hash;
    EVP_DigestFinal_ex(state_->context.get(), hash.bytes.data(), nullptr);
    return hash;
}

ContentHash ContentHash::of(std::string_view content) {
    Sha256 sha;
    sha.update(content);
    return sha.finish();
}

}  // namespace archaeologist
