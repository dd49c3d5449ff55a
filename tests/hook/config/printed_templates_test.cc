// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_parser.h>
#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using isc::data::Element;

namespace {

// R12: the library accepts the output of `clone-guard templates`, with and without --json, for templates of any name.
TEST(PrintedTemplatesTest, rule12Accepted) {
    const TemporaryFolder folder;
    const auto list = folder.write("list", "name,id\n"
                                           "debian-12,d31ba602070b463aac004744a10d3e28\n"
                                           "old router,00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56\n"
                                           "a\\\"b\xc3\xa4/*#%,0102030405060708090a0b0c0d0e0f10\n");
    const auto fragment = run("templates " + list);
    const auto object = run("templates --json " + list);
    ASSERT_EQ(fragment.status, 0);
    ASSERT_EQ(object.status, 0);
    // As Kea reads its configuration file: with comments.
    const auto pasted = Element::fromJSON("{ \"policy\": \"monitor\",\n" + fragment.out + "}", true);
    for (const auto& parameters : {pasted, Element::fromJSON(object.out)}) {
        const auto settings = parseSettings(parameters);
        ASSERT_EQ(settings.templates.size(), 3U);
        EXPECT_EQ(settings.templates[0].name, "debian-12");
        EXPECT_EQ(toHex(settings.templates[0].machine_id),
                  "d3:1b:a6:02:07:0b:46:3a:ac:00:47:44:a1:0d:3e:28");
        EXPECT_EQ(settings.templates[1].name, "old router");
        EXPECT_EQ(toHex(settings.templates[1].duid), "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56");
        EXPECT_EQ(settings.templates[2].name, "a\\x5c\\x22b\\xc3\\xa4/*#\\x25");
    }
    EXPECT_TRUE(
        parseSettings(Element::fromJSON(run("templates --json " + folder.write("sealed", "")).out))
            .templates.empty());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
