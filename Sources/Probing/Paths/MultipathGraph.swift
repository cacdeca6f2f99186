import Addresses

extension MultipathSession {
    /// What is known of all paths at this moment.
    public var graph: PathGraph {
        let survey = MultipathSurvey(self)
        var graph = PathGraph()
        var source = PathGraph.Vertex(hop: firstHop - 1, identity: .source)
        source.flows = []
        graph.vertices = [source]
        // By hop and vertex of the survey: the vertex of the graph.
        var indices: [[Int?]] = []
        for hop in stride(from: 0, through: survey.extent, by: 1) {
            indices.append(addVertices(of: hop, survey, to: &graph))
            addEdges(to: hop, survey, indices, to: &graph)
        }
        graph.paths = (measured ?? foundPaths(in: survey)).compactMap { path($0, indices) }
        graph.paths.sort { ($0.vertices.lexicographicallyPrecedes($1.vertices)) }
        graph.findDiamonds()
        graph.isComplete = measured != nil && !isShort
        graph.rarelyAnsweringHops = hops.indices.filter { hops[$0].answersRarely }.map(hopLimit)
        graph.searchProbes = searchProbes
        graph.roundProbes = roundProbes
        return graph
    }

    private func addVertices(of hop: Int, _ survey: MultipathSurvey, to graph: inout PathGraph) -> [Int?] {
        let layer = survey.hops[hop]
        let known = hops[hop]
        var indices: [Int?] = Array(repeating: nil, count: layer.flows.count)
        let order = layer.flows.indices.filter { layer.flows[$0] > 0 }.sorted { a, b in
            guard a < layer.silent, b < layer.silent else { return a < b }
            let (first, second) = (known.vertices[a], known.vertices[b])
            return first.address == second.address ? !first.isEnd && second.isEnd : first.address < second.address
        }
        for place in order {
            indices[place] = graph.vertices.count
            var vertex = PathGraph.Vertex(
                hop: hopLimit(of: hop),
                identity: place < layer.silent ? .address(known.vertices[place].address) : .silent)
            vertex.isEnd = layer.isEnd[place]
            if place < layer.silent {
                vertex.error = known.vertices[place].error
                vertex.roundTrips = known.vertices[place].roundTrips
            }
            for (flow, other) in layer.places.enumerated() where other == place {
                vertex.flows.append(UInt16(flow))
                vertex.sent += UInt64(known.cells[flow].sent)
                vertex.received += UInt64(known.cells[flow].answers)
            }
            graph.vertices.append(vertex)
        }
        return indices
    }

    private func addEdges(to hop: Int, _ survey: MultipathSurvey, _ indices: [[Int?]], to graph: inout PathGraph) {
        let layer = survey.hops[hop]
        var edges: [PathGraph.Edge] = []
        for (place, links) in layer.links.enumerated() {
            guard let from = hop == 0 ? 0 : indices[hop - 1][place] else { continue }
            for (other, flows) in links {
                guard let to = indices[hop][other] else { continue }
                edges.append(
                    PathGraph.Edge(from: from, to: to, flows: flows, isUncertain: survey.isUnstable(before: hop)))
            }
            if links.count > 1 { graph.vertices[from].balancing = balancing(from: place, at: hop, survey) }
        }
        edges.sort { ($0.from, $0.to) < ($1.from, $1.to) }
        for edge in edges {
            graph.vertices[edge.from].outgoing.append(graph.edges.count)
            graph.vertices[edge.to].incoming.append(graph.edges.count)
            graph.edges.append(edge)
        }
    }

    /// By packet where a flow did not always go on from the vertex the same way; by flow where one that was sent again
    /// did.
    private func balancing(from vertex: Int, at hop: Int, _ survey: MultipathSurvey) -> PathGraph.Balancing? {
        // Where flows come by chance, it does not show that they go on by chance.
        guard !survey.isUnstable(before: hop) else { return nil }
        var balancing: PathGraph.Balancing?
        for flow in survey.hops[hop].places.indices where survey.place(flow, before: hop) == vertex {
            if hops[hop].cells[flow].hasVaried { return .perPacket }
            if hops[hop].cells[flow].answers > 1 { balancing = .perFlow }
        }
        return balancing
    }

    private func path(_ path: MeasuredPath, _ indices: [[Int?]]) -> PathGraph.Path? {
        var vertices = [0]
        for (hop, place) in path.places.enumerated() {
            guard hop < indices.count, place < indices[hop].count, let vertex = indices[hop][place] else { return nil }
            vertices.append(vertex)
        }
        var result = PathGraph.Path(vertices: vertices, flow: path.flow, isWhole: path.isWhole)
        (result.sent, result.received, result.lost) = (path.sent, path.received, path.lost)
        result.roundTrips = path.roundTrips
        return result
    }
}
