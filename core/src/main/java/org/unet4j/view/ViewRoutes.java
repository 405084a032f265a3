package org.unet4j.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.unet4j.io.Json;
import org.unet4j.view.ViewServer.Reply;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Volume;

/** What there is to ask for: the page's files, {@code study.json}, {@code scan}, {@code labels.json}, {@code labels/0}, {@code surface/0/3}. */
final class ViewRoutes {

    /** What the page waits for before anything else. */
    static final String STUDY = "study.json";

    /** What the page waits for before it shows label maps. */
    static final String LAYERS = "labels.json";

    private static final Pattern LABELS = Pattern.compile("labels/(\\d{1,4})");
    private static final Pattern SURFACE = Pattern.compile("surface/(\\d{1,4})/(\\d{1,5})");

    private final ArrivingScan scan = new ArrivingScan();
    private final Reading<Study> study;
    private final Reading<Brightness> brightness;
    private final Map<Integer, ClassBoxes> boxes = new ConcurrentHashMap<>();

    ViewRoutes(StudySource source) {
        this.study = Reading.start(() -> read(source));
        this.brightness = Reading.start(this::brightness);
    }

    private Brightness brightness() throws IOException {
        Volume image = scan.await();
        // Java's first JSON takes half a second to make, which is better spent while voxels come.
        Json.line(scan.describe(Brightness.NOTHING));
        return Brightness.of(image, scan::await);
    }

    private Study read(StudySource source) throws IOException {
        boolean isRead = false;
        try {
            Study whole = source.read(scan);
            scan.complete(whole);
            isRead = true;
            return whole;
        } finally {
            if (!isRead) {
                scan.fail();
            }
        }
    }

    /** Waits for the study. */
    Study study() throws IOException {
        return study.await();
    }

    /** Waits a while until the scan begins to come, or it is known that it does not. */
    void awaitScan(Duration patience) throws IOException {
        if (!scan.awaitBegin(patience)) {
            study.await();
        }
    }

    /** Returns the answer to what comes after the token. */
    Reply reply(String path) throws IOException {
        return switch (path) {
            case "" -> asset("viewer.html");
            case STUDY -> json(description());
            case LAYERS -> json(study().layers());
            case "scan" -> scan();
            default -> numbered(path);
        };
    }

    private static Reply json(Object value) {
        return Reply.bytes(200, "application/json", Json.line(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what is known once the scan is read; fails as its reading did. */
    private Description description() throws IOException {
        if (!scan.awaitEnd()) {
            study();
        }
        return scan.describe(brightness.await());
    }

    /** Returns the scan, sent while it comes; why it does not come to its end {@code study.json} tells. */
    private Reply scan() throws IOException {
        VoxelBytes voxels = VoxelBytes.of(scan.await());
        return Reply.voxels(voxels, out -> voxels.write(out, scan::await));
    }

    private Reply numbered(String path) throws IOException {
        Matcher labels = LABELS.matcher(path);
        if (labels.matches()) {
            return map(labels)
                    .map(map -> VoxelBytes.of(map.labels().voxels()))
                    .map(voxels -> Reply.voxels(voxels, voxels::write))
                    .orElseGet(ViewRoutes::nothing);
        }
        Matcher surface = SURFACE.matcher(path);
        if (surface.matches()) {
            int number = Integer.parseInt(surface.group(1));
            int cls = Integer.parseInt(surface.group(2));
            return map(surface)
                    .flatMap(map -> surface(number, map.labels(), cls))
                    .orElseGet(ViewRoutes::nothing);
        }
        return asset(path);
    }

    /** Returns nothing where the class does not occur. */
    private Optional<Reply> surface(int number, Labels labels, int cls) {
        return boxes.computeIfAbsent(number, first -> ClassBoxes.of(labels))
                .find(cls)
                .map(box -> SurfaceNets.of(labels, cls, box).smooth().toBytes())
                .map(bytes -> Reply.bytes(200, "application/octet-stream", bytes));
    }

    private Optional<LabelMap> map(Matcher numbers) throws IOException {
        int number = Integer.parseInt(numbers.group(1));
        return study().labels().stream().skip(number).findFirst();
    }

    private static Reply asset(String name) {
        String type = name.endsWith(".html")
                ? "text/html; charset=utf-8"
                : name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        return ViewAssets.find(name).map(bytes -> Reply.bytes(200, type, bytes)).orElseGet(ViewRoutes::nothing);
    }

    private static Reply nothing() {
        return Reply.text(404, "there is no such thing here");
    }
}
