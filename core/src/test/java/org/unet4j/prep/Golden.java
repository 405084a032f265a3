package org.unet4j.prep;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What nnU-Net plans, and numpy counts; the file names its sources. */
final class Golden {

    private Golden() {}

    static JsonNode nnunet() {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/nnunet.json")) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Shape shape(JsonNode node) {
        return new Shape(node.get(0).asInt(), node.get(1).asInt(), node.get(2).asInt());
    }

    static List<Shape> shapes(JsonNode node) {
        List<Shape> shapes = new ArrayList<>();
        node.forEach(shape -> shapes.add(shape(shape)));
        return shapes;
    }

    static Spacing spacing(JsonNode node) {
        return new Spacing(
                node.get(0).asDouble(), node.get(1).asDouble(), node.get(2).asDouble());
    }
}
