import CLinux
import Glibc

/// The memory of a batch: the `struct mmsghdr` of each message and all that it points to, allocated once.
struct MessageRoom: ~Copyable {
    let capacity: Int
    let messageSize: Int
    let controlSize: Int
    let headers: UnsafeMutableBufferPointer<mmsghdr>
    let vectors: UnsafeMutableBufferPointer<iovec>
    private let names: UnsafeMutableBufferPointer<sockaddr_storage>
    private let bytes: UnsafeMutableRawPointer
    private let controls: UnsafeMutableRawPointer

    init(capacity: Int, messageSize: Int, controlSize: Int) {
        precondition(capacity > 0 && messageSize > 0 && controlSize >= 0, "a batch has room for at least one message")
        let controlSize = (controlSize + 7) & ~7
        self.capacity = capacity
        self.messageSize = messageSize
        self.controlSize = controlSize
        headers = .allocate(capacity: capacity)
        vectors = .allocate(capacity: capacity)
        names = .allocate(capacity: capacity)
        bytes = .allocate(byteCount: capacity * messageSize, alignment: 16)
        controls = .allocate(byteCount: capacity * controlSize, alignment: 16)
        // The kernel leaves gaps between control messages, and these bytes are lent as a whole.
        controls.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * controlSize)
        headers.initialize(repeating: mmsghdr())
        vectors.initialize(repeating: iovec())
        for index in 0..<capacity {
            vectors[index] = iovec(iov_base: bytes + index * messageSize, iov_len: messageSize)
            headers[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names.baseAddress.map { $0 + index })
            headers[index].msg_hdr.msg_iov = vectors.baseAddress.map { $0 + index }
            headers[index].msg_hdr.msg_iovlen = 1
            headers[index].msg_hdr.msg_control = controls + index * controlSize
        }
    }

    deinit {
        headers.deallocate()
        vectors.deallocate()
        names.deallocate()
        bytes.deallocate()
        controls.deallocate()
    }

    /// The room for the bytes of one message, as much of it as `count`; the batch has checked the index.
    @inline(__always)
    func bytes(at index: Int, count: Int = .max) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: bytes + index * messageSize, count: min(count, messageSize))
    }

    /// The room for the ancillary data of one message, as much of it as `count`; the batch has checked the index.
    @inline(__always)
    func control(at index: Int, count: Int = .max) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: controls + index * controlSize, count: min(count, controlSize))
    }
}
