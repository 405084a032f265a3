package org.unet4j.infer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.unet4j.export.TrainedFiles;

/** Puts predictors together whose mean decides, once it is sure that they speak of the same classes of the same scans. */
final class EnsembleMembers {

    private EnsembleMembers() {}

    static Predictor together(List<Predictor> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs at least one model");
        }
        Predictor first = members.get(0);
        for (int i = 1; i < members.size(); i++) {
            requireAlike(first, members.get(i), "model " + (i + 1) + " of " + members.size());
        }
        return new Predictor(
                members.stream().flatMap(member -> member.engines().stream()).toList(),
                members.stream()
                        .flatMap(member -> member.weightsSha256().stream())
                        .toList(),
                first.plan(),
                first.window(),
                first.postProcessing(),
                members.stream().flatMap(member -> member.ranges().stream()).findFirst());
    }

    private static void requireAlike(Predictor first, Predictor member, String name) {
        if (!member.plan().preparationHash().equals(first.plan().preparationHash())
                || !member.plan().classes().equals(first.plan().classes())) {
            throw new IllegalArgumentException("models of an ensemble must prepare scans in the same way and have the"
                    + " same classes; " + name + ", at " + member.plan().spacing() + ", has "
                    + member.plan().classes() + ", the first, at "
                    + first.plan().spacing() + ", has "
                    + first.plan().classes() + ": leave one out, or train both by one plan");
        }
        if (!member.channelNames().equals(first.channelNames())) {
            throw new IllegalArgumentException("models of an ensemble must take the same channels in the same order; "
                    + name + " takes " + member.channelNames() + ", the first " + first.channelNames()
                    + ": leave one out");
        }
        if (!member.postProcessing().equals(first.postProcessing())) {
            throw new IllegalArgumentException("models of an ensemble must have the same "
                    + TrainedFiles.POST_PROCESSING + ", for it is done once, to what all say together; " + name
                    + " has " + member.postProcessing().classes() + ", the first "
                    + first.postProcessing().classes()
                    + ": say what is to be done with --post-processing FILE or none, or Predictor.withPostProcessing");
        }
        member.plan().topology().requireDivisible(first.window().window());
    }

    static Predictor load(List<Predictor.Loader> loaders) throws IOException {
        List<Predictor> members = new ArrayList<>();
        try {
            for (Predictor.Loader loader : loaders) {
                members.add(loader.load());
            }
            return together(members);
        } catch (IOException | RuntimeException e) {
            members.forEach(Predictor::close);
            throw e;
        }
    }

    static Predictor oneAtATime(List<Predictor.Loader> loaders) throws IOException {
        Seat seat = new Seat();
        List<Predictor> members = new ArrayList<>();
        for (Predictor.Loader loader : loaders) {
            Predictor first = loader.load();
            Engine guest = seat.guest(onlyEngine(first), () -> again(loader, first));
            members.add(first.withEngines(List.of(guest)));
        }
        return together(members);
    }

    private static Engine onlyEngine(Predictor loaded) {
        if (loaded.engines().size() != 1) {
            loaded.close();
            throw new IllegalArgumentException("one network at a time needs a loader for each; one gave "
                    + loaded.engines().size() + " networks: give the models of an ensemble one by one");
        }
        return loaded.engines().get(0);
    }

    private static Engine again(Predictor.Loader loader, Predictor before) throws IOException {
        Predictor loaded = loader.load();
        if (!loaded.weightsSha256().equals(before.weightsSha256())) {
            loaded.close();
            throw new IOException("the weights of a network of " + before.plan().dataset()
                    + " have changed since the prediction began: wait until its training has ended, and predict again");
        }
        return onlyEngine(loaded);
    }
}
