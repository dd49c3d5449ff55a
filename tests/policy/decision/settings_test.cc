// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/decision/settings.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R5: the words of the configuration are parsed and formatted alike.
TEST(SettingsTest, rule05Words) {
    for (const auto* word : {"off", "monitor", "mac-fallback", "refuse"}) {
        ASSERT_TRUE(parsePolicy(word)) << word;
        EXPECT_EQ(toText(*parsePolicy(word)), word);
    }
    for (const auto* word : {"expired", "never"}) {
        ASSERT_TRUE(parseTakeover(word)) << word;
        EXPECT_EQ(toText(*parseTakeover(word)), word);
    }
    for (const auto* word : {"duid", "all"}) {
        ASSERT_TRUE(parseIdentifierTypes(word)) << word;
        EXPECT_EQ(toText(*parseIdentifierTypes(word)), word);
    }
    EXPECT_EQ(parsePolicy("mac-fallback"), Policy::MAC_FALLBACK);
    EXPECT_EQ(parsePolicy("refuse"), Policy::REFUSE);
    EXPECT_EQ(parseTakeover("never"), Takeover::NEVER);
    EXPECT_EQ(parseIdentifierTypes("all"), IdentifierTypes::ALL);
}

// R5: the table of parameters lists exactly the words that the parsers accept.
TEST(SettingsTest, rule05WordsOfTheTable) {
    const auto wordsOf = [](const Parameter& row) {
        std::string list = row.allowed();
        list.erase(0, std::string("one of ").size());
        std::vector<std::string> words;
        for (size_t at = 0; at != std::string::npos;) {
            const auto comma = list.find(", ", at);
            words.push_back(list.substr(at, comma - at));
            at = comma == std::string::npos ? comma : comma + 2;
        }
        return (words);
    };
    const auto policies = wordsOf(parameter::POLICY);
    EXPECT_EQ(policies.size(), 4U);
    for (const auto& word : policies) {
        EXPECT_TRUE(parsePolicy(word)) << word;
    }
    const auto takeovers = wordsOf(parameter::TAKEOVER);
    EXPECT_EQ(takeovers.size(), 2U);
    for (const auto& word : takeovers) {
        EXPECT_TRUE(parseTakeover(word)) << word;
    }
    const auto types = wordsOf(parameter::CLIENT_ID_TYPES);
    EXPECT_EQ(types.size(), 2U);
    for (const auto& word : types) {
        EXPECT_TRUE(parseIdentifierTypes(word)) << word;
    }
}

// The bounds replace MIN and MAX in the rule of a parameter.
TEST(SettingsTest, allowedValues) {
    EXPECT_EQ(parameter::CLAIM_WINDOW.allowed(), "an integer from 1 to 3600");
    EXPECT_EQ(parameter::EXEMPT_DUIDS.allowed(), "hexadecimal of 3 to 130 bytes, like '00:02:ab'");
    EXPECT_EQ(parameter::POLICY.allowed(), "one of off, monitor, mac-fallback, refuse");
    EXPECT_EQ(parameter::CLAIM_WINDOW.defaultJson(), "30");
    EXPECT_EQ(parameter::POLICY.defaultJson(), "\"mac-fallback\"");
}

// The parsers reject unknown words.
TEST(SettingsTest, unknownWords) {
    for (const auto* word : {"", "Refuse", "mac_fallback", "refuse ", "off\n", "duids"}) {
        EXPECT_FALSE(parsePolicy(word)) << word;
        EXPECT_FALSE(parseTakeover(word)) << word;
        EXPECT_FALSE(parseIdentifierTypes(word)) << word;
    }
}

// The settings begin with the defaults of the reference.
TEST(SettingsTest, defaults) {
    const Settings settings;
    EXPECT_EQ(settings.scope.policy, Policy::MAC_FALLBACK);
    EXPECT_EQ(settings.scope.takeover, Takeover::EXPIRED);
    EXPECT_EQ(settings.scope.client_class, "CLONE_CONFLICT");
    EXPECT_EQ(settings.client_id_types, IdentifierTypes::DUID);
    EXPECT_EQ(settings.claim_window.count(), 30);
    EXPECT_EQ(settings.audit_repeat.count(), 86400);
    EXPECT_EQ(settings.max_conflicts, 10000U);
    EXPECT_EQ(settings.max_claims, 262144U);
    EXPECT_TRUE(settings.exempt.empty());
    EXPECT_TRUE(settings.templates.empty());
}

// R1: exemptions cover identifiers, DUIDs with any IAID, and hardware addresses.
TEST(SettingsTest, rule01Exemptions) {
    Exemptions exempt;
    EXPECT_TRUE(exempt.empty());
    EXPECT_FALSE(exempt.covers(cloneIdentifier(), mac(1)));

    exempt.client_ids.insert(identifierNumber(1));
    EXPECT_FALSE(exempt.empty());
    EXPECT_TRUE(exempt.covers(identifierNumber(1), mac(1)));
    EXPECT_FALSE(exempt.covers(identifierNumber(2), mac(1)));

    exempt = Exemptions();
    exempt.hw_addresses.insert(mac(2).bytes().copy());
    EXPECT_FALSE(exempt.empty());
    EXPECT_TRUE(exempt.covers(cloneIdentifier(), mac(2)));
    EXPECT_FALSE(exempt.covers(cloneIdentifier(), mac(1)));

    exempt = Exemptions();
    exempt.duids.insert(hex("00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d"));
    EXPECT_FALSE(exempt.empty());
    EXPECT_TRUE(exempt.covers(cloneIdentifier(), mac(1)));
    EXPECT_TRUE(exempt.covers(hex("ff:00:00:00:09:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d"), mac(1)));
    EXPECT_FALSE(exempt.covers(identifierNumber(1), mac(1)));
    EXPECT_FALSE(exempt.covers(hex("01:bc:24:11:00:00:01"), mac(1)));

    exempt = Exemptions();
    exempt.client_classes.insert("CARP");
    EXPECT_FALSE(exempt.empty());
    EXPECT_FALSE(exempt.covers(cloneIdentifier(), mac(1)));
}

}  // namespace test
}  // namespace clone_guard
