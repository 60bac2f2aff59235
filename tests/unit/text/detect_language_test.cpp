#include "text/detect_language.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;

namespace {

constexpr auto none = std::optional<NaturalLanguage>();

std::optional<NaturalLanguage> detected(std::string_view text, std::string_view among = "auto") {
    return detect_language(text, parse_languages(among).value());
}

constexpr std::string_view german_text =
    "Das Haus am See ist seit dem Winter nicht mehr bewohnt, und die Fenster sind mit Brettern vernagelt.";
constexpr std::string_view english_text =
    "The house at the lake has not been lived in since the winter, and its windows are nailed up with boards.";

}  // namespace

TEST_CASE("a few sentences tell their language") {
    using Language = NaturalLanguage;
    CHECK(detected(german_text) == Language::german);
    CHECK(detected(english_text) == Language::english);
    CHECK(
        detected("La maison au bord du lac est vide depuis l'hiver, et les fenêtres sont fermées avec des planches.") ==
        Language::french);
    CHECK(detected("La casa junto al lago está vacía desde el invierno y las ventanas se cerraron con unas tablas.") ==
          Language::spanish);
    CHECK(detected("La casa sul lago è vuota da quest'inverno e le finestre sono chiuse con delle assi che ha messo il "
                   "vicino.") == Language::italian);
    CHECK(
        detected(
            "A casa junto ao lago não é habitada desde o inverno e as janelas foram fechadas com tábuas pelo dono.") ==
        Language::portuguese);
    CHECK(
        detected(
            "Het huis aan het meer is sinds de winter niet meer bewoond en de ramen zijn met planken dicht gemaakt.") ==
        Language::dutch);
    CHECK(detected("Huset vid sjön har inte varit bebott sedan i vintras, och fönstren är igenspikade med brädor.") ==
          Language::swedish);
    CHECK(detected("Huset ved søen har ikke været beboet siden vinteren, og vinduerne blev også lukket af naboen, som "
                   "hun skal "
                   "have betalt.") == Language::danish);
    CHECK(detected(
              "Huset ved sjøen har ikke vært bebodd siden vinteren, og vinduene ble også lukket av naboen etter at hun "
              "hadde betalt.") == Language::norwegian);
    CHECK(detected(
              "Talo järven rannalla on ollut tyhjä talvesta asti, ja ikkunat ovat kiinni, mutta ovi ei ole lukossa.") ==
          Language::finnish);
    CHECK(
        detected(
            "A tóparti ház a tél óta üres, és az ablakok be vannak szögezve, de az ajtó még nem, mert nincs kulcs.") ==
        Language::hungarian);
    CHECK(detected("Casa de pe malul lacului nu mai este locuită din iarnă, iar ferestrele sunt închise cu scânduri și "
                   "au fost "
                   "vopsite.") == Language::romanian);
    CHECK(detected("Göl kenarındaki ev kıştan beri boş ve pencereler çok eski, ama kapı için bir anahtar daha var.") ==
          Language::turkish);
}

TEST_CASE("what is no prose, or too little of it, is in no language") {
    CHECK(detected("") == none);
    CHECK(detected("Haus Garten Fenster Brett") == none);
    CHECK(detected("die Tür") == none);
    CHECK(detected("\xFF\xFE\x80") == none);
    CHECK(detected("会計処理の手引きです。請求書は三十日以内に支払うこと。") == none);
    CHECK(detected("2024-03-01 12:00:01 INFO worker[12] claimed job=7a epoch=3\n"
                   "2024-03-01 12:00:02 WARN worker[12] lease job=7a lost; retry 2/3\n"
                   "2024-03-01 12:00:05 ERROR db busy timeout=5000ms path=/var/lib/x.db\n") == none);
    CHECK(detected("static int die(const char *des) {\n  for (int i = 0; i < n; ++i) sum += des[i];\n  return sum;\n}\n"
                   "struct en { int de, la, il; };\n") == none);
    CHECK(detected("Dům u jezera je od zimy prázdný a okna jsou zatlučena prkny, ale dveře nejsou zamčené.") == none);
}

TEST_CASE("a text of two languages is in the one that has clearly more of it, else in none") {
    std::string both(german_text);
    both += english_text;
    CHECK(detected(both) == none);
    both.append(german_text).append(german_text);
    CHECK(detected(both) == NaturalLanguage::german);
}

TEST_CASE("only the languages of the setting, and English, are looked for; one alone is always it") {
    CHECK(detected(german_text, "fr,es") == none);
    CHECK(detected(german_text, "fr,de") == NaturalLanguage::german);
    CHECK(detected(english_text, "fr,de") == NaturalLanguage::english);
    CHECK(detected(english_text, "de") == NaturalLanguage::german);
    CHECK(detected("", "de") == NaturalLanguage::german);
}

TEST_CASE("no more than a text's beginning is looked at") {
    std::string text;
    while (text.size() < detection_bytes) text.append(english_text).append(" ");
    for (int i = 0; i < 1'000; ++i) text.append(german_text).append(" ");
    CHECK(detected(text) == NaturalLanguage::english);
}
