// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/sites.h>

namespace clone_guard {
namespace fuzz {

namespace {

/// A policy of each kind. Pools are small, so that machines meet on addresses.
const char* const POLICIES = R"({
    "valid-lifetime": 3600,
    "reservations-in-subnet": false,
    "subnet4": [
        { "id": 1, "subnet": "10.1.0.0/24", "pools": [ { "pool": "10.1.0.10 - 10.1.0.15" } ] },
        { "id": 2, "subnet": "10.2.0.0/24", "pools": [ { "pool": "10.2.0.10 - 10.2.0.15" } ],
          "user-context": { "clone-guard": { "policy": "refuse" } } },
        { "id": 3, "subnet": "10.3.0.0/24", "pools": [ { "pool": "10.3.0.10 - 10.3.0.15" } ],
          "user-context": { "clone-guard": { "policy": "monitor" } } },
        { "id": 4, "subnet": "10.4.0.0/24", "pools": [ { "pool": "10.4.0.10 - 10.4.0.15" } ],
          "authoritative": true, "user-context": { "clone-guard": { "takeover": "never" } } }
    ],
    "shared-networks": [
        { "name": "lab", "subnet4": [
            { "id": 5, "subnet": "10.5.0.0/24", "pools": [ { "pool": "10.5.0.10 - 10.5.0.15" } ] },
            { "id": 6, "subnet": "10.6.0.0/24", "pools": [ { "pool": "10.6.0.10 - 10.6.0.15" } ] } ] },
        { "name": "office", "user-context": { "clone-guard": { "policy": "refuse" } }, "subnet4": [
            { "id": 7, "subnet": "10.7.0.0/24", "pools": [ { "pool": "10.7.0.10 - 10.7.0.15" } ] },
            { "id": 8, "subnet": "10.8.0.0/24", "pools": [ { "pool": "10.8.0.10 - 10.8.0.15" } ] } ] }
    ]
})";

/// Reservations, subnets and pools for a client class, ignored client identifiers, leases without an end, small tables.
const char* const ODDITIES = R"({
    "valid-lifetime": 3600,
    "reservations-in-subnet": true,
    "subnet4": [
        { "id": 1, "subnet": "10.1.0.0/24", "pools": [ { "pool": "10.1.0.10 - 10.1.0.15" } ],
          "reservations": [
              { "hw-address": "bc:24:11:00:00:01", "ip-address": "10.1.0.12" },
              { "client-id": "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:00:00:00:01", "ip-address": "10.1.0.20" } ] },
        { "id": 2, "subnet": "10.2.0.0/24", "pools": [ { "pool": "10.2.0.10 - 10.2.0.15" } ],
          "match-client-id": false },
        { "id": 3, "subnet": "10.3.0.0/24", "user-context": { "clone-guard": { "policy": "off" } },
          "pools": [ { "pool": "10.3.0.10 - 10.3.0.15" } ] },
        { "id": 4, "subnet": "10.4.0.0/24", "pools": [ { "pool": "10.4.0.10 - 10.4.0.15" } ],
          "reservations": [ { "duid": "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d", "ip-address": "10.4.0.20" } ] }
    ],
    "shared-networks": [
        { "name": "lab", "subnet4": [
            { "id": 5, "subnet": "10.5.0.0/24", "client-class": "CLONES",
              "pools": [ { "pool": "10.5.0.10 - 10.5.0.15" } ] },
            { "id": 6, "subnet": "10.6.0.0/24", "valid-lifetime": 4294967295,
              "pools": [ { "pool": "10.6.0.10 - 10.6.0.12" },
                         { "pool": "10.6.0.13 - 10.6.0.15", "client-class": "CLONES" } ] } ] },
        { "name": "office", "subnet4": [
            { "id": 7, "subnet": "10.7.0.0/24", "pools": [ { "pool": "10.7.0.10 - 10.7.0.15" } ] },
            { "id": 8, "subnet": "10.8.0.0/24", "match-client-id": false,
              "pools": [ { "pool": "10.8.0.10 - 10.8.0.15" } ] } ] }
    ]
})";

const char* const ODD_PARAMETERS = R"({
    "client-id-types": "all", "client-class": "CLONES", "claim-window": 5, "audit-repeat": 60,
    "max-conflicts": 2, "nic-names": [ "uplink0" ],
    "exempt": { "client-ids": [ "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:00:00:00:03" ],
                "hw-addresses": [ "bc:24:11:00:00:06" ], "client-classes": [ "VENDOR_CLASS_PXEClient:Arch:00007" ] },
    "templates": [ { "name": "web", "duid": "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d" } ]
})";

/// The guard does not know in which network a query is, and takes the server for one.
const char* const ONE_NETWORK = R"({
    "valid-lifetime": 3600,
    "reservations-in-subnet": false,
    "early-global-reservations-lookup": true,
    "subnet4": [
        { "id": 1, "subnet": "10.1.0.0/24", "pools": [ { "pool": "10.1.0.10 - 10.1.0.15" } ] },
        { "id": 2, "subnet": "10.2.0.0/24", "pools": [ { "pool": "10.2.0.10 - 10.2.0.15" } ] },
        { "id": 3, "subnet": "10.3.0.0/24", "pools": [ { "pool": "10.3.0.10 - 10.3.0.15" } ] },
        { "id": 4, "subnet": "10.4.0.0/24", "pools": [ { "pool": "10.4.0.10 - 10.4.0.15" } ] },
        { "id": 5, "subnet": "10.5.0.0/24", "pools": [ { "pool": "10.5.0.10 - 10.5.0.15" } ] },
        { "id": 6, "subnet": "10.6.0.0/24", "pools": [ { "pool": "10.6.0.10 - 10.6.0.15" } ] },
        { "id": 7, "subnet": "10.7.0.0/24", "pools": [ { "pool": "10.7.0.10 - 10.7.0.15" } ] },
        { "id": 8, "subnet": "10.8.0.0/24", "pools": [ { "pool": "10.8.0.10 - 10.8.0.15" } ] }
    ]
})";

const std::set<uint32_t> NO_SUBNETS;

}  // namespace

const Site&
site(size_t number) {
    static const std::array<Site, SITES> sites{{
        {POLICIES, "{}", IdentifierTypes::DUID, {3}, {2, 7, 8}, NO_SUBNETS, false, false},
        {ODDITIES, ODD_PARAMETERS, IdentifierTypes::ALL, {3}, NO_SUBNETS, {1, 4, 5, 6}, true, true},
        {ONE_NETWORK, R"({ "takeover": "never" })", IdentifierTypes::DUID, NO_SUBNETS, NO_SUBNETS,
         NO_SUBNETS, false, false},
    }};
    return (sites.at(number));
}

}  // namespace fuzz
}  // namespace clone_guard
