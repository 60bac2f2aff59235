#include "bench/corpus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/utf8.hpp"

namespace archaeologist::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t vocabulary = 20'000;
constexpr double zipf_exponent = 1.07;

// Common words of prose and of programs, most frequent first.
constexpr std::string_view common_words =
    "the of and to in is a that for it as with be on by this are not or from an at which if when has was data file "
    "one all each value name may must can only no more other than then time used set list line first read write key "
    "table record account customer order invoice price date number total type code system process queue worker lease "
    "claim error result return state status index search text page field column row update insert select delete "
    "create open close start stop begin end next previous user group project source version change branch limit size "
    "count offset buffer memory thread lock event message request response server client network address port "
    "connect retry timeout schedule report batch archive restore payment balance ledger tax rate currency customer "
    "supplier contract delivery stock item unit warehouse payroll employee department period month year balance";

std::string syllable_word(Rng& rng) {
    constexpr std::string_view onsets = "bcdfghjklmnprstvwz";
    constexpr std::string_view vowels = "aeiou";
    constexpr std::array<std::string_view, 8> codas{"", "", "", "n", "r", "s", "t", "l"};
    std::string word;
    const auto syllables = 2 + rng() % 3;
    for (std::uint64_t i = 0; i < syllables; ++i) {
        word += onsets[rng() % onsets.size()];
        word += vowels[rng() % vowels.size()];
        word += codas[rng() % codas.size()];
    }
    return word;
}

bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::uint64_t hash_of(std::string_view word) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

Result<std::string> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{Code::io_error, path.string() + ": cannot be read"};
    return std::move(text).str();
}

bool is_text(const std::string& text) {
    return !text.empty() && text.find('\0') == std::string::npos && is_valid_utf8(text);
}

}  // namespace

TextMaker::TextMaker(std::uint64_t seed) : rng_(4711) {
    std::istringstream common{std::string(common_words)};
    for (std::string word; common >> word;) words_.push_back(word);
    while (words_.size() < vocabulary) words_.push_back(syllable_word(rng_));
    double sum = 0;
    for (std::size_t rank = 1; rank <= words_.size(); ++rank) {
        cumulative_.push_back(sum += 1 / std::pow(static_cast<double>(rank), zipf_exponent));
    }
    rng_.seed(seed);
}

const std::string& TextMaker::word() {
    const double at = static_cast<double>(rng_() >> 11) / 9007199254740992.0 * cumulative_.back();  // 2⁵³
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
    return words_[std::min(static_cast<std::size_t>(found - cumulative_.begin()), words_.size() - 1)];
}

std::string TextMaker::sentence() {
    std::string text;
    const auto words = 6 + rng_() % 18;
    for (std::uint64_t i = 0; i < words; ++i) {
        if (i > 0) text += rng_() % 12 == 0 ? ", " : " ";
        text += word();
    }
    if (text[0] >= 'a') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text + '.';
}

std::string TextMaker::prose(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        if (rng_() % 6 == 0) text += "# " + word() + ' ' + word() + "\n\n";
        for (auto sentences = 2 + rng_() % 5; sentences > 0; --sentences) text += sentence() + '\n';
        text += '\n';
    }
    return text;
}

std::string TextMaker::identifier() {
    return rng_() % 3 == 0 ? word() : word() + '_' + word() + (rng_() % 4 == 0 ? '_' + word() : "");
}

std::string TextMaker::function() {
    const std::string subject = identifier();
    std::string text = "// " + sentence() + "\nint " + identifier() + "(int " + subject + ") {\n";
    for (auto lines = 3 + rng_() % 12; lines > 0; --lines) {
        switch (rng_() % 4) {
            case 0: text.append("    if (").append(subject).append(" > 7) return ").append(word()).append(";\n"); break;
            case 1: text.append("    log(\"").append(word()).append(1, ' ').append(word()).append("\");\n"); break;
            case 2: text.append("    ").append(identifier()).append("(").append(subject).append(");\n"); break;
            default: text.append("    int ").append(word()).append(" = ").append(identifier()).append("();\n"); break;
        }
    }
    return text + "    return " + subject + ";\n}\n\n";
}

std::string TextMaker::code(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += function();
    return text;
}

std::string TextMaker::rows(std::size_t bytes) {
    std::string text = "id,name,remark,amount\n";
    for (std::uint64_t id = 1; text.size() < bytes; ++id) {
        text.append(std::to_string(id)).append(1, ',').append(word()).append(",\"").append(sentence());
        text.append("\",").append(std::to_string(rng_() % 100'000)).append(1, '\n');
    }
    return text;
}

Status write_file(const std::string& path, std::string_view text) {
    std::error_code failure;
    fs::create_directories(fs::path(path).parent_path(), failure);
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) return Error{Code::io_error, path + ": cannot be written"};
    return {};
}

Status write_generated(const std::string& folder, std::size_t count, std::size_t bytes) {
    TextMaker maker(1);
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_code = i % 2 == 1;
        const std::string name = std::to_string(i / 100) + '/' + std::to_string(i) + (is_code ? ".c" : ".md");
        std::string path = folder;
        path.append(1, '/').append(name);
        ARCHAEO_TRY(write_file(path, is_code ? maker.code(bytes) : maker.prose(bytes)));
    }
    return {};
}

Result<std::vector<TextFile>> read_tree(const std::string& path, std::uint64_t bytes_max) {
    std::error_code failure;
    std::vector<fs::path> paths;
    if (fs::is_regular_file(path, failure)) paths.emplace_back(path);
    for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, failure), end;
         !failure && at != end; at.increment(failure)) {
        if (at->path().filename() == ".git") at.disable_recursion_pending();
        if (at->is_regular_file(failure) && !at->is_symlink(failure)) paths.push_back(at->path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<TextFile> files;
    std::uint64_t bytes = 0;
    for (const auto& file : paths) {
        if (fs::file_size(file, failure) > bytes_max) continue;
        auto text = read_file(file);
        if (!text || !is_text(*text)) continue;
        if ((bytes += text->size()) > bytes_max) break;
        files.push_back({file.lexically_relative(path).string(), std::move(*text)});
    }
    if (files.empty()) return Error{Code::not_found, path + ": holds no text file"};
    return files;
}

std::string varied(std::string_view text, std::uint64_t copy) {
    if (copy == 0) return std::string(text);
    const std::string mark = '_' + std::to_string(copy);
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_word_byte(text[end])) ++end;
        const auto word = text.substr(at, end - at);
        out += word;
        if (word.size() > 3 && (hash_of(word) + copy) % 16 == 0) out += mark;
        if (end < text.size()) out += text[end++];
        at = end;
    }
    return out;
}

}  // namespace archaeologist::bench
