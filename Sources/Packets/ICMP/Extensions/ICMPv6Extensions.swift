extension ICMPv6Message: ICMPMessage {
    var quotesPacket: Bool { (1...4).contains(type) }

    var extensionPlacement: ICMPExtensionPlacement {
        switch body {
        case .destinationUnreachable(_, let words), .timeExceeded(_, let words):
            .behindQuote(words: words, wordLength: 8)
        case .extendedEchoRequest, .extendedEchoReply: .behindHeader
        default: .none
        }
    }

    func counting(originalDatagramWords words: UInt8?) -> Self {
        let body: Body =
            switch body {
            case .destinationUnreachable(let code, _): .destinationUnreachable(code, originalDatagramWords: words)
            case .timeExceeded(let code, _): .timeExceeded(code, originalDatagramWords: words)
            default: body
            }
        return Self(body, checksum: checksum)
    }
}
