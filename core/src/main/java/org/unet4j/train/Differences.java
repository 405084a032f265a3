package org.unet4j.train;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where two records of one type differ. */
final class Differences {

    private Differences() {}

    /** Returns {@code "optimization.warmup was 0.1 and is now 0.2"} for each component, however deep, that is not equal in both. */
    static List<String> between(Record before, Record now) {
        List<String> found = new ArrayList<>();
        collect("", before, now, found);
        return found;
    }

    private static void collect(String path, Record before, Record now, List<String> found) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object was = value(component, before);
            Object is = value(component, now);
            String name = path + component.getName();
            if (was instanceof Record a && is instanceof Record b && a.getClass() == b.getClass()) {
                collect(name + ".", a, b, found);
            } else if (!Objects.equals(was, is)) {
                found.add(name + " was " + was + " and is now " + is);
            }
        }
    }

    private static Object value(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
