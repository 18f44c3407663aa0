#!/bin/sh
# Makes the sound files of the tests anew; README.md says what is in them. Wants ffmpeg 5 or newer.
set -eu
cd "$(dirname "$0")"

# 0.1 s of silence, 0.4 s of a chirp from 200 to 3,000 Hz under a Hann window, 0.1 s of silence.
wave='if(between(t,0.1,0.5), 0.5*sin(2*PI*(200*(t-0.1)+3500*(t-0.1)^2))*sin(PI*(t-0.1)/0.4)^2, 0)'
mono="$wave"
stereo="$wave|0.5*($wave)"
six="$wave|0.5*($wave)|0.8*($wave)|0|0.2*($wave)|0.4*($wave)"

# file, rate, channels, then what ffmpeg is told
make() {
    file=$1 rate=$2 layout=$3
    shift 3
    case $layout in
        mono) text=$mono ;;
        stereo) text=$stereo ;;
        5.1) text=$six ;;
    esac
    ffmpeg -v error -y -f lavfi -i "aevalsrc='$text':s=$rate:d=0.6:c=$layout" \
        -fflags +bitexact -flags +bitexact -map_metadata -1 \
        -metadata title="Chirp" -metadata artist="Nobody" -metadata album="Tests" \
        -metadata album_artist="All" -metadata isrc="QZES71900001" "$@" "$file"
}

make u8-8000.wav 8000 mono -c:a pcm_u8
make s16-44100.wav 44100 stereo -c:a pcm_s16le
make s24-8000-six.wav 8000 5.1 -c:a pcm_s24le
make f32-16000.wav 16000 mono -c:a pcm_f32le
make ima-22050.wav 22050 mono -c:a adpcm_ima_wav
make ms-22050.wav 22050 mono -c:a adpcm_ms
make s16-22050.aiff 22050 mono -c:a pcm_s16be
make s16-11025.caf 11025 mono -c:a pcm_s16be
make s16-37001.wav 37001 mono -c:a pcm_s16le
make flac-44100.flac 44100 stereo -c:a flac
make flac-96000.flac 96000 mono -c:a flac -sample_fmt s16
make flac-48000-six.flac 48000 5.1 -c:a flac -sample_fmt s16
make flac-32000.ogg 32000 mono -c:a flac -sample_fmt s16
make cbr-44100.mp3 44100 stereo -c:a libmp3lame -b:a 96k
make vbr-22050.mp3 22050 mono -c:a libmp3lame -q:a 4
make cbr-8000.mp3 8000 mono -c:a libmp3lame -b:a 24k
make mp2-48000.mp2 48000 stereo -c:a mp2 -b:a 96k
make adts-44100.aac 44100 stereo -c:a aac -b:a 96k
make aac-44100.m4a 44100 stereo -c:a aac -b:a 96k
make aac-48000-six.m4a 48000 5.1 -c:a aac -b:a 192k
make alac-44100.m4a 44100 stereo -c:a alac
make opus-48000.mp4 48000 stereo -c:a libopus -b:a 64k
make vorbis-44100.ogg 44100 stereo -c:a libvorbis -q:a 4
make vorbis-22050.ogg 22050 mono -c:a libvorbis -q:a 2
make opus-48000.opus 48000 stereo -c:a libopus -b:a 64k
make opus-voice.opus 16000 mono -c:a libopus -b:a 16k -application voip
make opus-six.opus 48000 5.1 -c:a libopus -b:a 128k -mapping_family 1
make opus-48000.webm 48000 stereo -c:a libopus -b:a 64k
make vorbis-44100.webm 44100 stereo -c:a libvorbis -q:a 4
make aac-48000.mkv 48000 stereo -c:a aac -b:a 96k
make mp3-44100.mkv 44100 stereo -c:a libmp3lame -b:a 96k
make flac-48000.mka 48000 stereo -c:a flac -sample_fmt s16

# A film: a picture, the chirp in Korean, and a silent stream in German; and one whose sound begins 0.3 s after its picture.
film() {
    file=$1 late=$2
    shift 2
    ffmpeg -v error -y -f lavfi -i "color=c=gray:s=16x16:r=25:d=1" \
        -f lavfi -i "anullsrc=r=48000:cl=mono:d=0.6" \
        -itsoffset "$late" -f lavfi -i "aevalsrc='$stereo':s=48000:d=0.6:c=stereo" \
        -map 0 -map 2 -map 1 -fflags +bitexact -flags +bitexact -c:v mpeg4 -c:a aac -b:a 96k \
        -metadata:s:a:0 language=kor -metadata:s:a:1 language=deu "$@" "$file"
}
film film.mp4 0
film film.mkv 0
film late.mkv 0.3
film late.mp4 0.3
