#include "host/language_settings.hpp"

#include "archaeologist/analyzer.hpp"

namespace archaeologist::host {

Setting language_setting() {
    return Setting::text("languages", "ARCHAEOLOGIST_LANGUAGES", "auto", "CODES",
                         "Languages that prose in Latin letters is looked at in, which decide how its words are "
                         "stemmed: auto = all that are known; or codes such as de,fr; one alone: all prose is in it");
}

Result<std::string> languages_of(const Settings& settings) {
    std::string languages = settings.text("languages");
    ARCHAEO_TRY(validate_languages(languages));
    return languages;
}

}  // namespace archaeologist::host
