// SPDX-License-Identifier: MPL-2.0

/// @file
/// Stands in for a header that Kea 2.2.0 uses in its installed headers but does not install.
///
/// Without it network.h, subnet.h, cfgmgr.h and the lease manager headers do not compile. The class is
/// defined in libkea-dhcpsrv; only its shape is declared here. The enumerators are compiled into the
/// library as numbers, so their order is what counts; CfgGlobalsTest proves it against the library.

#ifndef CLONE_GUARD_DHCPSRV_CFG_GLOBALS_H
#define CLONE_GUARD_DHCPSRV_CFG_GLOBALS_H

#include <cc/cfg_to_element.h>
#include <cc/data.h>

#include <boost/shared_ptr.hpp>

#include <map>
#include <string>
#include <vector>

namespace isc {
namespace dhcp {

/// @brief The global parameters of a server's configuration, by number.
class CfgGlobals : public isc::data::CfgToElement {
public:
    /// @brief Numbers of the parameters, counted from 0.
    enum Index : int {
        VALID_LIFETIME,
        MIN_VALID_LIFETIME,
        MAX_VALID_LIFETIME,
        RENEW_TIMER,
        REBIND_TIMER,
        DECLINE_PROBATION_PERIOD,
        DHCP4O6_PORT,
        COMMENT,
        SERVER_TAG,
        RESERVATION_MODE,
        RESERVATIONS_GLOBAL,
        RESERVATIONS_IN_SUBNET,
        RESERVATIONS_OUT_OF_POOL,
        CALCULATE_TEE_TIMES,
        T1_PERCENT,
        T2_PERCENT,
        HOSTNAME_CHAR_SET,
        HOSTNAME_CHAR_REPLACEMENT,
        DDNS_SEND_UPDATES,
        DDNS_OVERRIDE_NO_UPDATE,
        DDNS_OVERRIDE_CLIENT_UPDATE,
        DDNS_REPLACE_CLIENT_NAME,
        DDNS_GENERATED_PREFIX,
        DDNS_QUALIFYING_SUFFIX,
        STORE_EXTENDED_INFO,
        STATISTIC_DEFAULT_SAMPLE_COUNT,
        STATISTIC_DEFAULT_SAMPLE_AGE,
        CACHE_THRESHOLD,
        CACHE_MAX_AGE,
        EARLY_GLOBAL_RESERVATIONS_LOOKUP,
        IP_RESERVATIONS_UNIQUE,
        RESERVATIONS_LOOKUP_FIRST,
        DDNS_UPDATE_ON_RENEW,
        DDNS_USE_CONFLICT_RESOLUTION,
        PARKED_PACKET_LIMIT,
        ECHO_CLIENT_ID,
        MATCH_CLIENT_ID,
        AUTHORITATIVE,
        NEXT_SERVER,
        SERVER_HOSTNAME,
        BOOT_FILE_NAME,
        DATA_DIRECTORY,
        PREFERRED_LIFETIME,
        MIN_PREFERRED_LIFETIME,
        MAX_PREFERRED_LIFETIME,
        SIZE
    };

    CfgGlobals();

    /// @brief Returns a parameter, null where it is not configured.
    isc::data::ConstElementPtr get(const std::string& name) const;
    isc::data::ConstElementPtr get(int index) const;

    void set(const std::string& name, isc::data::ConstElementPtr value);
    void set(int index, isc::data::ConstElementPtr value);
    void clear();

    isc::data::ElementPtr toElement() const override;

protected:
    std::vector<isc::data::ConstElementPtr> values_;
};

using CfgGlobalsPtr = boost::shared_ptr<CfgGlobals>;
using ConstCfgGlobalsPtr = boost::shared_ptr<const CfgGlobals>;

}  // namespace dhcp
}  // namespace isc

#endif
