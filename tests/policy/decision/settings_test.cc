// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/decision/settings.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R5: the words of the configuration are read and written alike.
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

// A word that is none is not guessed at.
TEST(SettingsTest, unknownWords) {
    for (const auto* word : {"", "Refuse", "mac_fallback", "refuse ", "off\n", "duids"}) {
        EXPECT_FALSE(parsePolicy(word)) << word;
        EXPECT_FALSE(parseTakeover(word)) << word;
        EXPECT_FALSE(parseIdentifierTypes(word)) << word;
    }
}

// Without a configuration the defaults of the reference hold.
TEST(SettingsTest, defaults) {
    const Settings settings;
    EXPECT_EQ(settings.scope.policy, Policy::MAC_FALLBACK);
    EXPECT_EQ(settings.scope.takeover, Takeover::EXPIRED);
    EXPECT_EQ(settings.scope.client_class, "CLONE_CONFLICT");
    EXPECT_EQ(settings.client_id_types, IdentifierTypes::DUID);
    EXPECT_EQ(settings.claim_window.count(), 30);
    EXPECT_EQ(settings.audit_repeat.count(), 86400);
    EXPECT_EQ(settings.max_conflicts, 10000U);
    EXPECT_EQ(settings.max_claims, 65536U);
    EXPECT_TRUE(settings.exempt.empty());
    EXPECT_TRUE(settings.templates.empty());
}

// R1: whatever the exemptions name is left alone: identifier, DUID under any IAID, hardware address.
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
