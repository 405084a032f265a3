package org.unet4j.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.unet4j.model.Graph.Node;
import org.unet4j.model.Graph.Operation;

/** Collects the operations of a network while its parts describe themselves. */
final class GraphBuilder {

    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> values = new HashSet<>(Set.of(Graph.IMAGE));

    /**
     * Adds an operation and returns {@code name}, that of the value it makes.
     *
     * @throws IllegalStateException if the name was taken, or an input is not there yet
     */
    String add(String name, Operation operation, String... inputs) {
        for (String input : inputs) {
            if (!values.contains(input)) {
                throw new IllegalStateException("'" + name + "' reads '" + input + "', which nothing made before it");
            }
        }
        if (!values.add(name)) {
            throw new IllegalStateException("two values are called '" + name + "'");
        }
        nodes.add(new Node(name, operation, List.of(inputs)));
        return name;
    }

    /** Returns the graph whose result is {@code output}. */
    Graph build(String output) {
        return new Graph(nodes, output);
    }
}
