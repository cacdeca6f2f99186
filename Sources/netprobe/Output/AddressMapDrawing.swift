/// A map of addresses as text and as a picture.
extension AddressMap {
    /// Lines for a terminal of so many columns: two for each field.
    func drawing(columns: Int) -> String {
        var order = min(self.order, 5)
        while order > 1, 2 << order > columns { order -= 1 }
        let side = 1 << order
        var rows = Array(repeating: Array(repeating: "  ", count: side), count: side)
        let fields = fields(order: order)
        for field in fields { rows[field.y][field.x] = Self.shade(field.share) }
        let shades = "alive: ·  none  ░░ up to a quarter  ▒▒ up to half  ▓▓ more  ██ all"
        return ([title] + rows.map { $0.joined() } + [Self.legend(fields), shades]).map { $0 + "\n" }.joined()
    }

    private static func legend(_ fields: [Field]) -> String {
        let size = fields.map(\.count).max() ?? 1
        let content = size == 1 ? "one address" : "\(size) addresses"
        return "A field is \(content), along a Hilbert curve from the upper left."
    }

    private static func shade(_ share: Double) -> String {
        switch share {
        case ...0: "· "
        case ...0.25: "░░"
        case ...0.5: "▒▒"
        case ..<1: "▓▓"
        default: "██"
        }
    }

    /// A picture (SVG 1.1) with a title for each field where someone is alive.
    static func svg(_ maps: [AddressMap]) -> String {
        let (side, margin, heading) = (512, 16, 40)
        let height = maps.count * (side + heading + margin) + margin
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(side + 2 * margin)" height="\(height)" \
            font-family="sans-serif" font-size="14">
            <rect width="100%" height="100%" fill="#ffffff"/>

            """
        for (number, map) in maps.enumerated() {
            let top = margin + number * (side + heading + margin)
            let fields = map.fields(order: map.order)
            let width = Double(side) / Double(1 << map.order)
            text += "<g transform=\"translate(\(margin),\(top))\">\n<title>\(map.title)</title>\n"
            text += "<text y=\"14\">\(map.title)</text>\n"
            text += "<text y=\"30\" font-size=\"11\">\(legend(fields))</text>\n"
            text += "<rect y=\"\(heading)\" width=\"\(side)\" height=\"\(side)\" fill=\"#eeeeee\"/>\n"
            for field in fields where field.alive > 0 {
                let (x, y) = (Double(field.x) * width, Double(heading) + Double(field.y) * width)
                text += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(width)\" fill=\"#1f6f4a\" "
                text += "fill-opacity=\"\(decimal(Int64((0.25 + 0.75 * field.share) * 100), digits: 2))\"><title>"
                text += field.count == 1 ? "\(field.first)" : "\(field.first)-\(field.last)"
                text += ": \(field.alive) of \(field.count)</title></rect>\n"
            }
            text += "</g>\n"
        }
        return text + "</svg>\n"
    }
}
