/// A line through all fields of a square, on which neighbours stay neighbours (Hilbert, 1891). Every quarter of it
/// fills a quarter of the square: drawn along it, prefixes of addresses are squares and pairs of them.
enum HilbertCurve {
    /// Where the field number `index` is, in a square with sides of 2 to the power of `order`; the first is at (0, 0).
    static func point(_ index: Int, order: Int) -> (x: Int, y: Int) {
        var (x, y, rest) = (0, 0, index)
        for level in 0..<order {
            let side = 1 << level
            let right = rest >> 1 & 1
            let down = (rest ^ right) & 1
            if down == 0 {
                if right == 1 { (x, y) = (side - 1 - x, side - 1 - y) }
                (x, y) = (y, x)
            }
            x += side * right
            y += side * down
            rest >>= 2
        }
        return (x, y)
    }
}
