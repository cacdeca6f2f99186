/// One thing that an ICMP extension structure tells (RFC 4884 section 8).
public enum ICMPExtensionObject: Hashable, Sendable {
    /// The labels that the quoted packet had when it came, the outermost first (RFC 4950).
    case mplsLabelStack([MPLSLabel])
    /// The interface or the next hop that the quoted packet had to do with (RFC 5837).
    case interfaceInformation(ICMPInterfaceInformation)
    /// The interface that an extended echo request asks for (RFC 8335).
    case interfaceIdentification(ICMPInterfaceIdentification)
    /// Any other object, and objects of the classes above that break their format.
    case unknown(classNumber: UInt8, type: UInt8, data: [UInt8])

    /// What kind of thing is told.
    public var classNumber: UInt8 {
        switch self {
        case .mplsLabelStack: 1
        case .interfaceInformation: 2
        case .interfaceIdentification: 3
        case .unknown(let number, _, _): number
        }
    }

    /// Which thing of its class, and in which form.
    public var type: UInt8 {
        switch self {
        case .mplsLabelStack: 1
        case .interfaceInformation(let information): information.type
        case .interfaceIdentification(let identification): identification.type
        case .unknown(_, let type, _): type
        }
    }

    /// Bytes of the object, its header too.
    public var length: Int {
        let data =
            switch self {
            case .mplsLabelStack(let labels): labels.count * MPLSLabel.length
            case .interfaceInformation(let information): information.length
            case .interfaceIdentification(let identification): identification.length
            case .unknown(_, _, let data): data.count
            }
        return ICMPExtensionWalk.headerLength + data
    }
}

extension ICMPExtensionObject {
    init(_ object: ICMPExtensionWalk.Object, in structure: RawSpan) {
        let data = structure.extracting(object.data)
        self =
            Self.known(object, data)
            ?? .unknown(
                classNumber: object.classNumber, type: object.type, data: data.array)
    }

    private static func known(_ object: ICMPExtensionWalk.Object, _ data: RawSpan) -> Self? {
        switch (object.classNumber, object.type) {
        case (1, 1): MPLSLabel.stack(of: data).map { .mplsLabelStack($0) }
        case (2, let type): ICMPInterfaceInformation(parsing: data, type: type).map { .interfaceInformation($0) }
        case (3, let type): ICMPInterfaceIdentification(parsing: data, type: type).map { .interfaceIdentification($0) }
        default: nil
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: UInt16(clamping: length))
        output.append(classNumber)
        output.append(type)
        switch self {
        case .mplsLabelStack(let labels): for label in labels { label.serialize(into: &output) }
        case .interfaceInformation(let information): information.serialize(into: &output)
        case .interfaceIdentification(let identification): identification.serialize(into: &output)
        case .unknown(_, _, let data): output.append(contentsOf: data.span.bytes)
        }
    }
}
