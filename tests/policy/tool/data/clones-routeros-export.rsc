# 2026-11-27 13:40:25 by RouterOS 7.16.1
# software id = ABCD-1234
#
/interface bridge
add name=bridge1
/ip dhcp-server lease
add address=192.168.88.10 client-id=\
    ff:ca:53:9:5a:0:2:0:0:ab:11:1:2:3:4:5:6:7:8 comment="web 1" mac-address=\
    BC:24:11:5E:00:01 server=dhcp1
add address=192.168.88.11 client-id=\
    ff:ca:53:9:5a:0:2:0:0:ab:11:1:2:3:4:5:6:7:8 mac-address=\
    BC:24:11:5E:00:02 server=dhcp1
add address=192.168.88.12 client-id=1:bc:24:11:5e:0:3 mac-address=BC:24:11:5E:00:03 \
    server=dhcp1
add address=192.168.88.13 mac-address=BC:24:11:5E:00:04 server=dhcp1
add address=192.168.88.14 client-id=ff:ca:53:9:5a:0:2:0:0:ab:11:1:2:3:4:5:6:7:8 \
    disabled=yes mac-address=BC:24:11:5E:00:05 server=dhcp1
add address=pool1 mac-address=BC:24:11:5E:00:06 server=dhcp1
/ip dhcp-server network
add address=192.168.88.0/24 gateway=192.168.88.1
