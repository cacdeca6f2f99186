import Addresses
import Probing
import Testing

struct TraceSessionTests {
    @Test("a path with silent hops is complete as soon as the hops behind them justify it")
    func silentHops() {
        let simulation = TraceSimulation(over: chain(13, silent: [4, 7, 8]))
        #expect(simulation.session.destinationHop == 13)
        #expect(simulation.end.map { $0 <= .ms(300) } == true, "\(String(describing: simulation.end))")
        #expect(simulation.session.hops.map(\.received) == [3, 3, 3, 0, 3, 3, 0, 0, 3, 3, 3, 3, 3])
        #expect(Set(simulation.timedOut) == [4, 7, 8])
    }

    @Test("where every hop answers nothing is waited for after the last answer")
    func noWaiting() {
        let simulation = TraceSimulation(.tracing { $0.simultaneousProbes = 100 }, over: chain(13))
        #expect(simulation.end == .ms(104))
        #expect(simulation.session.hops.count == 13)
        #expect(simulation.session.hops.allSatisfy { $0.sent == 3 && $0.received == 3 && $0.lost == 0 })
    }
}
