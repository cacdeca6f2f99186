import Testing

/// Packets as people find them written down.
struct PacketText: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    init(_ name: String, _ text: String) { (testDescription, self.text) = (name, text) }

    /// Text in which the echo request stands and, behind it, the reply.
    static let dumps = [
        PacketText(
            "tcpdump 4.99.3 -n -x",
            """
            01:02:23.986720 IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 16110, seq 1, length 12
            \t0x0000:  4500 0020 ee32 4000 4001 4ea8 7f00 0001
            \t0x0010:  7f00 0001 0800 b70c 3eee 0001 0001 0203
            01:02:23.986734 IP 127.0.0.1 > 127.0.0.1: ICMP echo reply, id 16110, seq 1, length 12
            \t0x0000:  4500 0020 ee33 0000 4001 8ea7 7f00 0001
            \t0x0010:  7f00 0001 0000 bf0c 3eee 0001 0001 0203
            """),
        PacketText(
            "tcpdump 4.99.3 -n -v -xx",
            """
            01:02:23.986720 IP (tos 0x0, ttl 64, id 60978, offset 0, flags [DF], proto ICMP (1), length 32)
                127.0.0.1 > 127.0.0.1: ICMP echo request, id 16110, seq 1, length 12
            \t0x0000:  0000 0000 0000 0000 0000 0000 0800 4500
            \t0x0010:  0020 ee32 4000 4001 4ea8 7f00 0001 7f00
            \t0x0020:  0001 0800 b70c 3eee 0001 0001 0203
            01:02:23.986734 IP (tos 0x0, ttl 64, id 60979, offset 0, flags [none], proto ICMP (1), length 32)
                127.0.0.1 > 127.0.0.1: ICMP echo reply, id 16110, seq 1, length 12
            \t0x0000:  0000 0000 0000 0000 0000 0000 0800 4500
            \t0x0010:  0020 ee33 0000 4001 8ea7 7f00 0001 7f00
            \t0x0020:  0001 0000 bf0c 3eee 0001 0001 0203
            """),
        PacketText(
            "tcpdump 4.99.3 -n -X",
            """
            01:02:23.986720 IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 16110, seq 1, length 12
            \t0x0000:  4500 0020 ee32 4000 4001 4ea8 7f00 0001  E....2@.@.N.....
            \t0x0010:  7f00 0001 0800 b70c 3eee 0001 0001 0203  ........>.......
            01:02:23.986734 IP 127.0.0.1 > 127.0.0.1: ICMP echo reply, id 16110, seq 1, length 12
            \t0x0000:  4500 0020 ee33 0000 4001 8ea7 7f00 0001  E....3..@.......
            \t0x0010:  7f00 0001 0000 bf0c 3eee 0001 0001 0203  ........>.......
            """),
        PacketText(
            "tshark 4.0.17 -P -x",
            """
                1   0.000000    127.0.0.1 → 127.0.0.1    ICMP 46 Echo (ping) request  id=0x3eee, seq=1/256, ttl=64

            0000  00 00 00 00 00 00 00 00 00 00 00 00 08 00 45 00   ..............E.
            0010  00 20 ee 32 40 00 40 01 4e a8 7f 00 00 01 7f 00   . .2@.@.N.......
            0020  00 01 08 00 b7 0c 3e ee 00 01 00 01 02 03         ......>.......

                2   0.000014    127.0.0.1 → 127.0.0.1    ICMP 46 Echo (ping) reply    id=0x3eee, seq=1/256, ttl=64

            0000  00 00 00 00 00 00 00 00 00 00 00 00 08 00 45 00   ..............E.
            0010  00 20 ee 33 00 00 40 01 8e a7 7f 00 00 01 7f 00   . .3..@.........
            0020  00 01 00 00 bf 0c 3e ee 00 01 00 01 02 03         ......>.......
            """),
        PacketText(
            "two dumps of xxd, one behind the other",
            """
            00000000: 4500 0020 ee32 4000 4001 4ea8 7f00 0001  E.. .2@.@.N.....
            00000010: 7f00 0001 0800 b70c 3eee 0001 0001 0203  ........>.......
            00000000: 4500 0020 ee33 0000 4001 8ea7 7f00 0001  E.. .3..@.......
            00000010: 7f00 0001 0000 bf0c 3eee 0001 0001 0203  ........>.......
            """),
        PacketText(
            "two dumps of hexdump -C, one behind the other",
            """
            00000000  45 00 00 20 ee 32 40 00  40 01 4e a8 7f 00 00 01  |E.. .2@.@.N.....|
            00000010  7f 00 00 01 08 00 b7 0c  3e ee 00 01 00 01 02 03  |........>.......|
            00000020
            00000000  45 00 00 20 ee 33 00 00  40 01 8e a7 7f 00 00 01  |E.. .3..@.......|
            00000010  7f 00 00 01 00 00 bf 0c  3e ee 00 01 00 01 02 03  |........>.......|
            00000020
            """),
        PacketText(
            "two dumps of od -A x -t x1, one behind the other",
            """
            000000 45 00 00 20 ee 32 40 00 40 01 4e a8 7f 00 00 01
            000010 7f 00 00 01 08 00 b7 0c 3e ee 00 01 00 01 02 03
            000020
            000000 45 00 00 20 ee 33 00 00 40 01 8e a7 7f 00 00 01
            000010 7f 00 00 01 00 00 bf 0c 3e ee 00 01 00 01 02 03
            000020
            """),
        PacketText(
            "digits alone, with comments, and empty lines between packets",
            """
            # ping -s 4 localhost

            # the request
            45000020ee32400040014ea87f0000017f000001
              # its ICMP message
            0800b70c3eee000100010203
             \t


            45000020ee33000040018ea77f0000017f0000010000bf0c3eee000100010203

            """),
        PacketText(
            "digits in capitals and in pairs, with a colon, a dash or 0x",
            """
            45:00:00:20:EE:32:40:00:40:01:4E:A8:7F:00:00:01
            7F-00-00-01-08-00-B7-0C-3E-EE-00-01-00-01-02-03

            0x45, 0x00, 0x00, 0x20, 0xee, 0x33, 0x00, 0x00, 0x40, 0x01, 0x8e, 0xa7, 0x7f, 0x00, 0x00, 0x01,
            0X7F, 0X00, 0X00, 0X01, 0X00, 0X00, 0XBF, 0X0C, 0X3E, 0XEE, 0X00, 0X01, 0X00, 0X01, 0X02, 0X03
            """),
        PacketText(
            "four bytes a line, one of them all zeros, and words of four bytes",
            """
            45000020
            ee324000
            40014ea8
            7f000001
            7f000001
            0800b70c
            3eee0001
            00010203

            0x45000020 0xee330000 0x40018ea7 0x7f000001 0x7f000001 0x0000bf0c 0x3eee0001 0x00010203
            """),
    ]

    /// ping -s 100 -p 00 ::1; hexdump of util-linux 2.38.1, od of coreutils 9.1, xxd 2022-01-14
    static let zeros = [
        PacketText(
            "hexdump -C",
            """
            00000000  60 08 e9 8d 00 6c 3a 40  00 00 00 00 00 00 00 00  |`....l:@........|
            00000010  00 00 00 00 00 00 00 01  00 00 00 00 00 00 00 00  |................|
            00000020  00 00 00 00 00 00 00 01  80 00 04 6f 1b d5 00 01  |...........o....|
            00000030  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            00000090  00 00 00 00                                       |....|
            00000094
            """),
        PacketText(
            "xxd -a",
            """
            00000000: 6008 e98d 006c 3a40 0000 0000 0000 0000  `....l:@........
            00000010: 0000 0000 0000 0001 0000 0000 0000 0000  ................
            00000020: 0000 0000 0000 0001 8000 046f 1bd5 0001  ...........o....
            00000030: 0000 0000 0000 0000 0000 0000 0000 0000  ................
            *
            00000090: 0000 0000                                ....
            """),
        PacketText(
            "od -A x -t x1z",
            """
            000000 60 08 e9 8d 00 6c 3a 40 00 00 00 00 00 00 00 00  >`....l:@........<
            000010 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00  >................<
            000020 00 00 00 00 00 00 00 01 80 00 04 6f 1b d5 00 01  >...........o....<
            000030 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  >................<
            *
            000090 00 00 00 00                                      >....<
            000094
            """),
    ]
}
