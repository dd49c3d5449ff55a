// SPDX-License-Identifier: MPL-2.0
//
// R14: clients that have nothing to do with clones get the same leases as from stock Kea, while clones send beside
// them.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the policy.
class Bystanders : public E2eTest, public ::testing::WithParamInterface<const char*> {
protected:
    /// @brief Makes clones send all kinds of messages. Their replies are not compared.
    void disturb(int round) {
        SimClient& first = clone(uint32_t(round * 10 + 1001));
        SimClient& second = clone(uint32_t(round * 10 + 1002));
        for (SimClient* client : {&first, &second, &first, &second}) {
            client->acquire();
            client->renew();
            client->initReboot(client->address());
        }
        second.release(first.address());
        second.decline(first.address());
    }

    void live(SimClient& client) {
        note(client.renew());
        note(client.rebind());
        note(client.initReboot(client.address()));
        note(client.discover());
        note(client.request(client.address()));
    }

    /// @brief Boots and renews the bystanders while clones send.
    void script() {
        SimClient& home_one = machine(1, rfc4361({0, 0, 0, 1}, systemdDuid(5)));
        SimClient& home_two = machine(2, rfc4361({0, 0, 0, 2}, systemdDuid(5)));
        SimClient& type_one = machine(3, macIdentifier(virtualMac(3)));
        SimClient& nameless = machine(4, std::nullopt);
        SimClient& firmware = machine(5, std::nullopt);
        firmware.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00000:UNDI:002001"));
        SimClient& firmware_uuid = machine(6, Bytes{0} + fromHex("564d1234567890abcdef1234567890ab"));
        firmware_uuid.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00007"));
        SimClient& honest = machine(7, cloneIdentifier(7));
        const std::vector<SimClient*> all{&home_one, &home_two,      &type_one, &nameless,
                                          &firmware, &firmware_uuid, &honest};
        for (SimClient* client : all) {
            note(client->request(note(client->discover())));
        }
        for (int round = 0; round < 3; ++round) {
            disturb(round);
            for (SimClient* client : all) {
                live(*client);
            }
        }
        // The leases of the clones may differ from stock Kea; those of the bystanders must not.
        for (SimClient* client : all) {
            const auto record = server().lease(client->address());
            ASSERT_TRUE(record);
            bystanders_.push_back(record->address.toText() + " " + record->hw_address + " " +
                                  record->client_id + " " + std::to_string(record->state));
        }
    }

    std::vector<std::string> bystanders_;
};

INSTANTIATE_TEST_SUITE_P(Policies, Bystanders,
                         ::testing::Values("off", "monitor", "mac-fallback", "refuse"),
                         [](const auto& info) {
                             std::string name = info.param;
                             return (name == "mac-fallback" ? std::string("macFallback") : name);
                         });

// R2, R5, R14: a multi-homed host, a type 1 identifier, no identifier, PXE firmware and a unique DUID are served as
// by stock Kea while clones send beside them.
TEST_P(Bystanders, getTheLeasesThatStockKeaGivesThem) {
    serve(guarded(GetParam()).withoutGuard());
    script();
    const auto replies = takeTranscript();
    const auto records = std::move(bystanders_);
    bystanders_.clear();
    endServer();
    serve(guarded(GetParam()));
    script();
    EXPECT_EQ(takeTranscript(), replies);
    EXPECT_EQ(bystanders_, records);
    EXPECT_EQ(records.size(), 7U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
