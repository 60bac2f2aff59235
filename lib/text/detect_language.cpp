#include "text/detect_language.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "text/analyzer.hpp"
#include "text/characters.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t distinct_words_min = 3;
constexpr std::size_t words_a_hit_max = 12;
constexpr std::uint64_t own_word_points = 36;  // of a word that no other language has; one of n has 1/n² of it
constexpr std::uint64_t points_min = 2 * own_word_points;

// Folded, in the order of the enum.
constexpr std::array<std::string_view, natural_languages> function_words{
    // english
    "the of and to in is that for it as was with be by on not this are or from have which at an but they you we can "
    "will has "
    "if its when were their",
    // basque
    "eta da ez bat ere du dira dute izan baina egin zuen zen den dituzte bere hau edo dela duen baino oso gero hori "
    "ziren "
    "diren behar egiten",
    // catalan
    "de la i que a el en per els les un del amb una és es al no com dels més o són ha va si han aquest aquesta pel "
    "però també "
    "ser molt fins hi",
    // danish
    "og i at det er en den til på som for med de af har ikke der et han jeg var om vi kan men fra sig så skal efter "
    "eller blev "
    "være også nu ved hun ud hvis kun bliver når mere hvor",
    // dutch
    "de van het een en in is dat op te zijn met voor niet die aan er om ook als dan maar bij of uit naar door over ze "
    "wordt "
    "hij kan worden deze dit heeft nog wel had wat geen",
    // finnish
    "ja on ei se että oli mutta ovat hän joka kun niin myös tai mukaan ole sen sekä kuin voi vain jos mitä nyt sitä "
    "hänen "
    "tämä ne jo olla kanssa ollut sitten jonka joita näin tämän",
    // french
    "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou son aux "
    "cette être "
    "ont mais comme on nous vous sa leur si fait deux même été elle tout",
    // german
    "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass "
    "sie nach "
    "wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man "
    "kann wenn",
    // hungarian
    "a az és hogy nem is egy ez meg csak volt mint de már még ha van vagy el azt kell lesz amely ki sem ezt aki minden "
    "majd "
    "után szerint több lehet fel mert most nagyon úgy",
    // indonesian
    "yang dan di untuk dengan dari ini pada itu dalam tidak adalah akan ke juga oleh atau sebagai bisa ada telah "
    "mereka lebih "
    "karena tersebut saya dapat kami kita seperti",
    // irish
    "an agus na ar is a ag le bhí sé tá go i do ní don sin leis bhfuil nó ach aon sa mar faoi siad nach gur anseo féin",
    // italian
    "di e il la che in a per un è del non con le si da i una sono dei al della nel più anche come gli alla ma lo ha "
    "delle o su "
    "se dal essere questo questa ed era ci nella dalla",
    // lithuanian
    "ir kad yra su iš į o bet ne tai buvo per kaip tik nuo dar jau jo jis už po apie arba jos kurie taip pat gali savo "
    "mes "
    "tarp prie",
    // norwegian
    "og i det er på som en å for av til med at har de ikke den et han om fra var jeg men seg ble så kan vi hun være "
    "eller "
    "etter også når ut skal ved nå bare bli blir hadde dette mer hvis",
    // portuguese
    "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou ser quando "
    "muito "
    "nos já está também só pelo pela até isso são",
    // romanian
    "de și şi în a la cu pe că nu din care este o un se pentru sa mai au fi al prin dar ca după sau lui fost am ale ai "
    "sunt "
    "său dintre avea acest această când",
    // spanish
    "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre "
    "este ya "
    "entre cuando todo esta ser son también fue había",
    // swedish
    "och i att det som en på är av för med den till inte har de om ett han men var jag sig från vi så kan när år under "
    "också "
    "efter eller nu sin där vid mot ska skulle kommer ut får finns hade",
    // turkish
    "ve bir bu için ile de da olarak çok gibi daha olan sonra kadar ne ama o en var mı değil ya her ki ise bunu şey "
    "diye mi "
    "göre iki veya olduğu nasıl"};

using WordTable = std::unordered_map<std::string_view, LanguageSet>;

const WordTable& word_table() {
    static const WordTable table = [] {
        WordTable made;
        for (std::size_t language = 0; language < natural_languages; ++language) {
            std::string_view rest = function_words[language];
            while (!rest.empty()) {
                const std::size_t end = std::min(rest.find(' '), rest.size());
                made[rest.substr(0, end)].set(language);
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        }
        return made;
    }();
    return table;
}

struct Evidence {
    std::uint64_t points = 0;
    std::size_t hits = 0;      // words of its list
    std::size_t distinct = 0;  // different ones
};

}  // namespace

std::optional<NaturalLanguage> detect_language(std::string_view text, const LanguageSet& among) {
    if (among.count() == 1) {
        for (std::size_t i = 0; i < natural_languages; ++i) {
            if (among.test(i)) return static_cast<NaturalLanguage>(i);
        }
    }
    LanguageSet candidates = among;
    candidates.set(static_cast<std::size_t>(NaturalLanguage::english));
    std::unordered_map<const WordTable::value_type*, std::size_t> counts;
    std::size_t words = 0;
    Analyzer(Stemming::none).analyze(utf8_prefix(text, detection_bytes), [&](const Term& term) {
        if (term.same_position) return;  // part of an identifier or path
        ++words;
        if (const auto found = word_table().find(term.text); found != word_table().end()) ++counts[&*found];
    });
    std::array<Evidence, natural_languages> evidence{};
    for (const auto& [word, count] : counts) {
        const LanguageSet languages = word->second & candidates;
        const std::size_t shared_by = std::max<std::size_t>(languages.count(), 1);
        for (std::size_t i = 0; i < natural_languages; ++i) {
            if (!languages.test(i)) continue;
            evidence[i].points += own_word_points * count / (shared_by * shared_by);
            evidence[i].hits += count;
            ++evidence[i].distinct;
        }
    }
    const auto is_less = [](const Evidence& a, const Evidence& b) { return a.points < b.points; };
    const auto best = std::max_element(evidence.begin(), evidence.end(), is_less);
    const Evidence found = *best;
    best->points = 0;
    const Evidence next = *std::max_element(evidence.begin(), evidence.end(), is_less);
    const bool is_enough =
        found.points >= points_min && found.distinct >= distinct_words_min && found.hits * words_a_hit_max >= words;
    const bool is_clear = 2 * found.points >= 3 * next.points;
    if (!is_enough || !is_clear) return std::nullopt;
    return static_cast<NaturalLanguage>(best - evidence.begin());
}

}  // namespace archaeologist
