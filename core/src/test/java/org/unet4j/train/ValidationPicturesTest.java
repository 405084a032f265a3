package org.unet4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Split;
import org.unet4j.prep.Store;
import org.unet4j.report.EventFile;
import org.unet4j.torch.Device;

class ValidationPicturesTest {

    @TempDir
    static Path folder;

    @Test
    void aRunLeavesPicturesAndHistogramsOfItsValidations() throws IOException {
        Store store = TinyData.store(folder);
        TrainConfig config = TinyData.config(4).withValidateEvery(2);
        Split split = new Split(List.of("ball_0"), List.of("ball_1", "ball_2", "ball_3", "ball_4"));
        Path run = folder.resolve("run");
        Trainer.train(TrainRequest.of(config, store, split, run, Device.cpu(), TrainListener.silent(), () -> false));
        List<EventFile.Value> values = EventFile.values(run);
        assertThat(tags(values, 2))
                .contains("slice/ball_1", "slice/ball_2", "slice/ball_3", "diceOfCases/mean", "diceOfCases/1")
                .noneMatch(tag -> tag.startsWith("worst/"));
        assertThat(tags(values, 4)).contains("slice/ball_1", "slice/ball_2", "slice/ball_3", "diceOfCases/2");
        assertThat(tags(values, 4).stream().filter(tag -> tag.startsWith("worst/")))
                .as("three of the four, in their order")
                .hasSize(3)
                .extracting(tag -> tag.substring(0, 7))
                .containsExactlyInAnyOrder("worst/1", "worst/2", "worst/3");
        ValidationScores scores = ValidationScores.read(new RunFolder(run).validation());
        String worst = scores.last().cases().stream()
                .min((a, b) -> Double.compare(a.meanDice(), b.meanDice()))
                .orElseThrow()
                .caseId();
        assertThat(tags(values, 4)).contains("worst/1 " + worst);
        for (EventFile.Value value : values) {
            if (value.fields().containsKey(4)) {
                var image = value.message(4);
                BufferedImage read = ImageIO.read(new ByteArrayInputStream((byte[]) EventFile.only(image, 4)));
                assertThat((long) read.getHeight()).isEqualTo(EventFile.only(image, 1));
                assertThat((long) read.getWidth()).isEqualTo(EventFile.only(image, 2));
            }
        }
    }

    @Test
    void noTagIsOfTwoKinds() throws IOException {
        Path run = folder.resolve("kinds");
        TinyRuns.train(TinyData.config(2), TinyData.store(folder.resolve("kinds-store")), run, TrainListener.silent());
        List<EventFile.Value> values = EventFile.values(run);
        Set<String> kinds = values.stream()
                .map(value -> value.tag() + value.fields().keySet())
                .collect(Collectors.toSet());
        assertThat(kinds).hasSize((int)
                values.stream().map(EventFile.Value::tag).distinct().count());
    }

    @Test
    void picturesAreBoundedWhateverTheNumberOfValidations() {
        assertThat(sets(1, 1000)).isEqualTo(ValidationPictures.SETS);
        assertThat(sets(7, 1000))
                .as("the last part has none: step 1000 is no multiple")
                .isEqualTo(ValidationPictures.SETS - 1);
        assertThat(sets(250, 1000)).as("every validation").isEqualTo(4);
    }

    private static long sets(int every, int steps) {
        return IntStream.rangeClosed(1, steps)
                .filter(step -> step % every == 0 && ValidationPictures.isDue(step, every, steps))
                .count();
    }

    private static Set<String> tags(List<EventFile.Value> values, int step) {
        return values.stream()
                .filter(value -> value.step() == step)
                .map(EventFile.Value::tag)
                .collect(Collectors.toSet());
    }
}
