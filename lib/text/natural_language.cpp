#include "text/natural_language.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "archaeologist/analyzer.hpp"

namespace archaeologist {
namespace {

struct Name {
    std::string_view code;
    std::string_view name;
};
// In the order of the enum.
constexpr std::array<Name, natural_languages> names{{{"en", "english"},
                                                     {"eu", "basque"},
                                                     {"ca", "catalan"},
                                                     {"da", "danish"},
                                                     {"nl", "dutch"},
                                                     {"fi", "finnish"},
                                                     {"fr", "french"},
                                                     {"de", "german"},
                                                     {"hu", "hungarian"},
                                                     {"id", "indonesian"},
                                                     {"ga", "irish"},
                                                     {"it", "italian"},
                                                     {"lt", "lithuanian"},
                                                     {"no", "norwegian"},
                                                     {"pt", "portuguese"},
                                                     {"ro", "romanian"},
                                                     {"es", "spanish"},
                                                     {"sv", "swedish"},
                                                     {"tr", "turkish"}}};

std::optional<NaturalLanguage> find(std::string_view Name::*member, std::string_view wanted) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const Name& one) { return one.*member == wanted; });
    if (found == names.end()) return std::nullopt;
    return static_cast<NaturalLanguage>(found - names.begin());
}

Error refused(std::string_view setting) {
    std::string codes;
    for (const Name& one : names) codes.append(codes.empty() ? "" : ", ").append(one.code);
    return {Code::invalid_argument, "languages is \"" + std::string(setting.substr(0, 100)) +
                                        "\", must be auto or codes with commas between, of " + codes};
}

}  // namespace

std::string_view name_of(NaturalLanguage language) { return names[static_cast<std::size_t>(language)].name; }

std::optional<NaturalLanguage> find_natural_language(std::string_view name) { return find(&Name::name, name); }

std::optional<NaturalLanguage> find_natural_language_by_code(std::string_view code) { return find(&Name::code, code); }

std::vector<NaturalLanguage> find_natural_languages(std::span<const std::string> names_given) {
    std::vector<NaturalLanguage> languages;
    for (const std::string& name : names_given) {
        const NaturalLanguage language = stemming_of(name);
        if (language != NaturalLanguage::english) languages.push_back(language);
    }
    return languages;
}

Result<LanguageSet> parse_languages(std::string_view setting) {
    if (setting == "auto") return LanguageSet().set();
    LanguageSet languages;
    for (std::size_t begin = 0; begin <= setting.size();) {
        const std::size_t end = std::min(setting.find(',', begin), setting.size());
        std::string_view code = setting.substr(begin, end - begin);
        while (code.starts_with(' ')) code.remove_prefix(1);
        while (code.ends_with(' ')) code.remove_suffix(1);
        const auto language = find_natural_language_by_code(code);
        if (!language) return refused(setting);
        languages.set(static_cast<std::size_t>(*language));
        begin = end + 1;
    }
    return languages;
}

Status validate_languages(std::string_view setting) {
    ARCHAEO_TRY(parse_languages(setting));
    return {};
}

}  // namespace archaeologist
