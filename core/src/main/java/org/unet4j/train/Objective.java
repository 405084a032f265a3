package org.unet4j.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.loss.DeepSupervision;
import org.unet4j.loss.Loss;
import org.unet4j.loss.Ranks;
import org.unet4j.model.BatchGradient;

/**
 * What a run makes small: its loss, at the finest stage or at several.
 *
 * @param loss of one stage
 * @param deep whether every head counts
 * @param ranks the processes that share a batch
 */
record Objective(Loss loss, boolean deep, Ranks ranks) implements BatchGradient.Objective {

    /** Returns that of {@code config} in one of {@code ranks} processes. */
    static Objective of(TrainConfig config, Ranks ranks) {
        return new Objective(config.loss(), config.deepSupervision(), ranks);
    }

    @Override
    public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
        return deep
                ? new DeepSupervision(loss).of(logitsNCDHW, targetNDHW, ranks)
                : loss.of(logitsNCDHW.get(0), targetNDHW, ranks);
    }

    @Override
    public boolean isMeanOfSamples() {
        return !loss.needsWholeBatch();
    }
}
