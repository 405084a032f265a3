package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenersTest {

    private final List<String> heard = new ArrayList<>();

    private TrainListener named(String name) {
        return (TrainListener) Proxy.newProxyInstance(
                TrainListener.class.getClassLoader(), new Class<?>[] {TrainListener.class}, (proxy, method, values) -> {
                    heard.add(name + " " + method.getName());
                    return null;
                });
    }

    /** Whatever is added to the interface: what was forgotten here, nobody but the first would hear of. */
    @Test
    void eachHearsEverythingInTheirOrder() throws ReflectiveOperationException {
        Listeners both = new Listeners(List.of(named("first"), named("second")));
        List<String> expected = new ArrayList<>();
        for (Method method : TrainListener.class.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                Object[] nothing = Arrays.stream(method.getParameterTypes())
                        .map(type -> type == int.class ? (Object) 0 : type == double.class ? (Object) 0.0 : null)
                        .toArray();
                method.invoke(both, nothing);
                expected.add("first " + method.getName());
                expected.add("second " + method.getName());
            }
        }
        assertThat(expected).hasSizeGreaterThan(18);
        assertThat(heard).isEqualTo(expected);
    }
}
