import Addresses
import Testing

@Suite struct MACAddressTests {
    @Test(
        "six hexadecimal numbers are an address, however they are written",
        arguments: ["02:00:00:00:ab:01", "02-00-00-00-AB-01", "2:0:0:0:aB:1"])
    func parsing(_ text: String) {
        #expect(MACAddress(text)?.rawValue == 0x0200_0000_ab01)
    }

    @Test("an address is written as pairs of lower-case digits")
    func description() {
        #expect(MACAddress(rawValue: 0x0200_0000_ab01).description == "02:00:00:00:ab:01")
        #expect(MACAddress.broadcast.description == "ff:ff:ff:ff:ff:ff")
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "02:00:00:00:ab", "02:00:00:00:ab:01:02", "02:00:00:00:ab:", "02:00:00:00:ab:001", "02:00:00:00:ab:0g",
            "02:00-00:00:ab:01", "0200.0000.ab01", "02:00:00:00:ab:é",
        ])
    func refused(_ text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test("the two lowest bits of the first byte say whose an address is")
    func bits() {
        #expect(MACAddress(rawValue: 0x3333_0000_0001).isMulticast)
        #expect(MACAddress(rawValue: 0x0200_0000_0001).isLocallyAdministered)
        #expect(!MACAddress(rawValue: 0x0000_5e00_5301).isLocallyAdministered)
        #expect(!MACAddress(rawValue: 0x0000_5e00_5301).isMulticast)
    }

    @Test("bits that don't fit are dropped")
    func wide() {
        #expect(MACAddress(rawValue: .max) == .broadcast)
    }
}
