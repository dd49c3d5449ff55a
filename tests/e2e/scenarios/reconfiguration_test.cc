// SPDX-License-Identifier: MPL-2.0
//
// R14: what a new configuration costs with the guard, compared with stock Kea in the same minute. The limits are far from
// what clone-guard-configure-bench measures, because other programs may be running.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <chrono>
#include <iostream>

namespace clone_guard {
namespace test {

namespace {

class Reconfiguration : public E2eTest {
protected:
    /// @brief Serves stock Kea and Kea with the guard, each with many subnets of 256 addresses.
    void serveBoth(uint32_t subnets) {
        setup_ = guarded("mac-fallback");
        setup_.subnets.clear();
        for (uint32_t id = 1; id <= subnets; ++id) {
            const auto network = Address((11U << 24) + (id << 8)).toText();
            setup_.subnets.push_back({{"id", id}, {"subnet", network + "/24"}});
        }
        setup_.address = serverAddress(2);
        stock_ = setup_.withoutGuard();
        stock_.address = serverAddress(1);
        serve(stock_);
        serveBeside(setup_);
    }

    /// @brief Sends config-set to both servers in turn.
    ///
    /// @return the median time with the guard as a multiple of the median time without it.
    double ratio(unsigned times) {
        std::vector<double> stock;
        std::vector<double> guard;
        for (unsigned time = 0; time < times; ++time) {
            stock.push_back(seconds(server(1), stock_));
            guard.push_back(seconds(server(2), setup_));
        }
        std::cout << "config-set: stock " << median(stock) * 1000 << " ms, guard "
                  << median(guard) * 1000 << " ms" << std::endl;
        return (median(guard) / median(stock));
    }

private:
    static double seconds(KeaServer& server, const ServerSetup& setup) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_EQ(server.configSet(setup)["result"], 0);
        return (std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }

    static double median(std::vector<double> values) {
        std::sort(values.begin(), values.end());
        return (values.at(values.size() / 2));
    }

    ServerSetup setup_;
    ServerSetup stock_;
};

}  // namespace

// R14: the server loads the library anew. The tables of the library are ready then.
TEST_F(Reconfiguration, rule14OneSubnet) {
    serveBoth(1);
    EXPECT_LT(ratio(31), 8);
}

// R14: the guard does little for each subnet, also after many configurations.
TEST_F(Reconfiguration, rule14ManySubnets) {
    serveBoth(400);
    EXPECT_LT(ratio(11), 2);
}

}  // namespace test
}  // namespace clone_guard
