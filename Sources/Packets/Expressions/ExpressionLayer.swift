/// A layer that expressions can name, for people and programs that list them.
public struct ExpressionLayer: Hashable, Sendable {
    /// A field, or a list of what may follow the fields.
    public struct Field: Hashable, Sendable {
        /// What stands before the equals sign.
        public let name: String
        /// What may stand behind it, in words.
        public let values: String
    }

    /// The name, such as `icmp.echo`.
    public let name: String
    /// In the order in which they are on the wire.
    public let fields: [Field]
}

extension PacketExpression {
    /// All layers that there are.
    public static var layers: [ExpressionLayer] {
        WireLayer.all.map { layer in
            let fields = layer.fields.map { ExpressionLayer.Field(name: $0.name, values: $0.example) }
            let tail = layer.tail.map { [ExpressionLayer.Field(name: $0.name, values: "a list: \($0.example)")] } ?? []
            return ExpressionLayer(name: layer.name, fields: fields + tail)
        } + ExpressionBytes.names.map { ExpressionLayer(name: $0, fields: []) }
    }
}
