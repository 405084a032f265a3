package org.unet4j.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.unet4j.loss.Dice;
import org.unet4j.loss.DiceCrossEntropy;
import org.unet4j.loss.Loss;
import org.unet4j.model.BatchGradient;

/** The loss of a run, of the finest logits. */
record Objective(Loss loss) implements BatchGradient.Objective {

    @Override
    public Tensor of(List<Tensor> logitsNCDHW, Tensor targetNDHW) {
        return loss.of(logitsNCDHW.get(0), targetNDHW);
    }

    @Override
    public boolean isMeanOfSamples() {
        Dice dice =
                loss instanceof Dice one ? one : loss instanceof DiceCrossEntropy sum ? sum.dice() : Dice.perSample();
        return dice.pooling() == Dice.Pooling.SAMPLE;
    }
}
