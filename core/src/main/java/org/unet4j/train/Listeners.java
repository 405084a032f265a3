package org.unet4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.unet4j.model.Layout;

/**
 * Several listeners as one: each hears everything, in their order.
 *
 * @param all the listeners
 */
public record Listeners(List<TrainListener> all) implements TrainListener {

    public Listeners {
        all = List.copyOf(all);
    }

    @Override
    public void started(RunStart start) {
        tell(listener -> listener.started(start));
    }

    @Override
    public void layoutChosen(Layout layout, Map<Layout, Double> secondsAPart) {
        tell(listener -> listener.layoutChosen(layout, secondsAPart));
    }

    @Override
    public void determinismCosts(double deterministicSeconds, double freeSeconds) {
        tell(listener -> listener.determinismCosts(deterministicSeconds, freeSeconds));
    }

    @Override
    public void beganFrom(InitialWeightsEvent weights) {
        tell(listener -> listener.beganFrom(weights));
    }

    @Override
    public void recovered(String what) {
        tell(listener -> listener.recovered(what));
    }

    @Override
    public void notFinite(NotFiniteEvent event) {
        tell(listener -> listener.notFinite(event));
    }

    @Override
    public void step(StepEvent step) {
        tell(listener -> listener.step(step));
    }

    @Override
    public void validating(int done, int total) {
        tell(listener -> listener.validating(done, total));
    }

    @Override
    public void validated(ValidationEvent validation) {
        tell(listener -> listener.validated(validation));
    }

    @Override
    public void saved(int step, Path checkpoint) {
        tell(listener -> listener.saved(step, checkpoint));
    }

    @Override
    public void ended(TrainResult result) {
        tell(listener -> listener.ended(result));
    }

    private void tell(Consumer<TrainListener> what) {
        all.forEach(what);
    }
}
